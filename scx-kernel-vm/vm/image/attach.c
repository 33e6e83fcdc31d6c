// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//
// What a scheduler's start costs without Java: attach OBJECT STRUCT_OPS [SETTING...] loads a BPF object through libbpf,
// attaches its struct_ops map, says how long both took, and stays until it is killed. A setting is one of
//   entries:MAP:N            the map's number of entries
//   size:MAP:N               the size of the map's value in bytes
//   value:MAP:OFFSET:BYTES:N a number in the map's initial value
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "attach: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static struct bpf_map *map_of(struct bpf_object *object, const char *name) {
    struct bpf_map *map = bpf_object__find_map_by_name(object, name);
    if (!map)
        fail(name);
    return map;
}

static void set_value(struct bpf_map *map, char **rest) {
    size_t size = 0, offset = strtoul(strsep(rest, ":"), NULL, 0), bytes = strtoul(strsep(rest, ":"), NULL, 0);
    unsigned long long number = strtoull(*rest, NULL, 0);
    char *value = bpf_map__initial_value(map, &size);
    if (!value || bytes > sizeof number || offset + bytes > size)
        fail("value");
    memcpy(value + offset, &number, bytes); // little-endian
}

static void apply(struct bpf_object *object, char *setting) {
    char *rest = setting, *kind = strsep(&rest, ":"), *name = strsep(&rest, ":");
    struct bpf_map *map = map_of(object, name);
    if (!strcmp(kind, "value"))
        set_value(map, &rest);
    else if (!strcmp(kind, "entries") ? bpf_map__set_max_entries(map, strtoul(rest, NULL, 0))
                                      : bpf_map__set_value_size(map, strtoul(rest, NULL, 0)))
        fail(name);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: attach OBJECT STRUCT_OPS [SETTING...]\n");
        return 2;
    }
    double begin = seconds();
    struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
    if (!object)
        fail(argv[1]);
    for (int i = 3; i < argc; i++)
        apply(object, argv[i]);
    if (bpf_object__load(object))
        fail("load");
    double loaded = seconds();
    if (!bpf_map__attach_struct_ops(map_of(object, argv[2])))
        fail("attach");
    printf("loaded=%.3f attached=%.3f\n", loaded - begin, seconds() - loaded);
    fflush(stdout);
    pause();
}
