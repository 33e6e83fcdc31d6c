# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# shellcheck shell=bash
#
# ./scx publish [DIR] [--key KEYID]: what others depend on (every folder scx-*, and the parent of their POMs) as a Maven
# repository in a folder, with sources, documentation and bills of materials, and beside it settings with which a
# Maven finds it.

. "$SCX_ROOT/build/prerequisites.sh"

publish_main() {
    local repository='' key='' options=()
    while (($# > 0)); do
        case $1 in
            --key)
                (($# > 1)) || die "--key needs the id of a GPG key." 2
                key=$2
                shift
                ;;
            -*) die "publish has no option '$1': ./scx help lists them." 2 ;;
            *)
                [[ -z $repository ]] || die "publish into one folder only, not also '$1'." 2
                repository=$1
                ;;
        esac
        shift
    done
    if [[ -z $repository ]]; then
        repository=$SCX_ROOT/target/repository
        rm -rf "$repository" # our own; a folder that was named is added to
    fi
    mkdir -p "$repository"
    repository=$(cd "$repository" && pwd)
    if [[ -n $key ]]; then
        command -v gpg >/dev/null || die "signing needs GPG: install the package gnupg."
        gpg --list-secret-keys "$key" >/dev/null 2>&1 ||
            die "GPG has no secret key '$key': gpg --list-secret-keys shows what it has." 2
        options+=(-Psign "-Dgpg.keyname=$key")
    fi

    prerequisites build
    # Deployed at the end, when all are built: half a version is worse than none; and not installed on the way, where
    # other builds of this user would find it.
    PROGRESS=maven_progress DIGEST=maven_errors step 'publish' publish maven deploy -Ppublish "${options[@]}" \
        -DskipTests -Dspotless.check.skip -Dmaven.install.skip=true -DdeployAtEnd=true -pl ".,$(publish_modules)" \
        "-DaltDeploymentRepository=folder::$(publish_url "$repository")" || exit 1
    publish_settings "$(publish_url "$repository")" >"$repository/settings.xml"
    say "$(find "$repository" -name '*.pom' | wc -l) artifacts are in $repository; use them with: mvn -s $repository/settings.xml"
}

# The folders of what is published, as Maven wants them.
publish_modules() {
    (cd "$SCX_ROOT" && printf '%s\n' scx-*/pom.xml | xargs -n 1 dirname | paste -sd ,)
}

# publish_url DIR: as a URL; of what folders' names may have, blanks and percent signs need care.
publish_url() {
    sed 's/%/%25/g; s/ /%20/g; s,^,file://,' <<<"$1"
}

# publish_settings URL: a Maven's settings with this repository beside the usual one, also for archetypes.
publish_settings() {
    cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<settings>
  <profiles>
    <profile>
      <id>scx</id>
      <repositories>
        <repository>
          <id>scx</id>
          <url>$1</url>
          <snapshots>
            <updatePolicy>always</updatePolicy>
          </snapshots>
        </repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles>
    <activeProfile>scx</activeProfile>
  </activeProfiles>
</settings>
END
}
