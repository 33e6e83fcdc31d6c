// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.it.jars;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// The POMs that cannot inherit from the parent agree with it: that of the BOM, which has none, and
/// those of examples, which belong to others.
class PublishedPomsTest {

    private static final Path EXAMPLE = Published.PROJECT.resolve("examples/priority-by-name");

    private static final Document PARENT = read(Published.PROJECT.resolve("pom.xml"));
    private static final Document BOM = read(Published.PROJECT.resolve("scx-bom/pom.xml"));

    static List<String> folders() throws IOException {
        return Published.folders();
    }

    @Test
    void theBomHasAllThatAPomCanNameInTheVersionOfTheProject() throws IOException {
        List<String> named = new ArrayList<>(Published.folders());
        // itself, and what is named on command lines only
        named.removeAll(List.of("scx-bom", "scx-archetype"));
        String managed = "/project/dependencyManagement/dependencies/dependency";
        assertThat(named).contains("scx-core", "scx-testkit", "scx-image");
        assertThat(texts(BOM, managed + "/artifactId")).containsExactlyInAnyOrderElementsOf(named);
        assertThat(texts(BOM, managed + "[type='zip']/artifactId")).containsExactly("scx-image");
        assertThat(texts(BOM, managed + "/version")).containsOnly("${project.version}");
        assertThat(texts(BOM, "/project/version")).isEqualTo(texts(PARENT, "/project/version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "licenses", "developers", "scm"})
    void theBomSaysWhoseItIsAsTheParentDoes(String element) {
        List<String> said = texts(PARENT, "/project/" + element + "//text()");
        assertThat(said).isNotEmpty();
        assertThat(texts(BOM, "/project/" + element + "//text()")).isEqualTo(said);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void eachHasANameAndADescription(String folder) {
        Document pom = read(Published.PROJECT.resolve(folder, "pom.xml"));
        assertThat(texts(pom, "/project/name")).containsExactly(folder);
        assertThat(texts(pom, "/project/description")).hasSize(1);
        assertThat(texts(PARENT, "/project/modules/module")).contains(folder);
    }

    @Test
    void pluginsHaveOneVersion() {
        Map<String, String> ours = plugins(PARENT);
        assertThat(plugins(BOM))
                .isNotEmpty()
                .allSatisfy((plugin, version) ->
                        assertThat(version).as(plugin).isEqualTo(ours.get(plugin)));
        assertThat(plugins(example()))
                .isNotEmpty()
                .allSatisfy((plugin, version) ->
                        assertThat(version).as(plugin).isEqualTo(ours.get(plugin)));
    }

    @Test
    void theExampleHasTheVersionsOfTheProject() {
        assertThat(texts(example(), "/project/properties/scx.version"))
                .isEqualTo(texts(PARENT, "/project/version"));
        for (String property : List.of("junit.version", "maven.compiler.release")) {
            assertThat(texts(example(), "/project/properties/" + property))
                    .as(property)
                    .isEqualTo(texts(PARENT, "/project/properties/" + property));
        }
    }

    private static Document example() {
        return read(EXAMPLE.resolve("pom.xml"));
    }

    private static Map<String, String> plugins(Document pom) {
        Map<String, String> versions = new TreeMap<>();
        NodeList plugins = nodes(pom, "/project/build//plugin[version]");
        for (int i = 0; i < plugins.getLength(); i++) {
            versions.put(
                    texts(plugins.item(i), "artifactId").getFirst(),
                    texts(plugins.item(i), "version").getFirst());
        }
        return versions;
    }

    private static Document read(Path pom) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile());
        } catch (Exception e) {
            throw new AssertionError(pom + " cannot be read", e);
        }
    }

    private static List<String> texts(Node from, String path) {
        List<String> texts = new ArrayList<>();
        NodeList found = nodes(from, path);
        for (int i = 0; i < found.getLength(); i++) {
            String text = found.item(i).getTextContent().strip();
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static NodeList nodes(Node from, String path) {
        try {
            var xpath = XPathFactory.newDefaultInstance().newXPath();
            return (NodeList) xpath.evaluate(path, from, XPathConstants.NODESET);
        } catch (XPathExpressionException e) {
            throw new AssertionError(path, e);
        }
    }
}
