// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.bpf.internal;

import io.schedext.bpf.internal.Shapes.IntOf;
import io.schedext.bpf.internal.Shapes.IntOfInt;
import io.schedext.bpf.internal.Shapes.IntOfIntMemory;
import io.schedext.bpf.internal.Shapes.IntOfIntMemoryMemory;
import io.schedext.bpf.internal.Shapes.IntOfPointer;
import io.schedext.bpf.internal.Shapes.IntOfPointerBoolean;
import io.schedext.bpf.internal.Shapes.IntOfPointerInt;
import io.schedext.bpf.internal.Shapes.IntOfPointerMemoryLong;
import io.schedext.bpf.internal.Shapes.PointerOfMemoryLongMemory;
import io.schedext.bpf.internal.Shapes.PointerOfPointer;
import io.schedext.bpf.internal.Shapes.PointerOfPointerMemory;
import io.schedext.bpf.internal.Shapes.PointerOfPointerPointer;
import io.schedext.bpf.internal.Shapes.StringOf;
import io.schedext.bpf.internal.Shapes.StringOfPointer;
import io.schedext.bpf.internal.Shapes.VoidOfMemory;
import io.schedext.bpf.internal.Shapes.VoidOfPointer;

/// libbpf with its functions, one line each under the C prototype, and nothing interpreted: what
/// libbpf's own documentation says of a name holds here.
public final class LibbpfFunctions extends NativeLibrary {

    // __u32 libbpf_major_version(void)
    public final IntOf libbpf_major_version = new IntOf(symbol("libbpf_major_version"));
    // __u32 libbpf_minor_version(void)
    public final IntOf libbpf_minor_version = new IntOf(symbol("libbpf_minor_version"));
    // const char *libbpf_version_string(void)
    public final StringOf libbpf_version_string = new StringOf(symbol("libbpf_version_string"));
    // libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
    public final VoidOfMemory libbpf_set_print = new VoidOfMemory(symbol("libbpf_set_print"));
    // struct bpf_object *bpf_object__open_mem(const void *buf, size_t size, const struct
    // bpf_object_open_opts *opts)
    public final PointerOfMemoryLongMemory bpf_object__open_mem =
            new PointerOfMemoryLongMemory(symbol("bpf_object__open_mem"));
    // int bpf_object__load(struct bpf_object *obj)
    public final IntOfPointer bpf_object__load = new IntOfPointer(symbol("bpf_object__load"));
    // void bpf_object__close(struct bpf_object *obj)
    public final VoidOfPointer bpf_object__close = new VoidOfPointer(symbol("bpf_object__close"));
    // struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name)
    public final PointerOfPointerMemory bpf_object__find_map_by_name =
            new PointerOfPointerMemory(symbol("bpf_object__find_map_by_name"));
    // struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)
    public final PointerOfPointerPointer bpf_object__next_map =
            new PointerOfPointerPointer(symbol("bpf_object__next_map"));
    // struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char
    // *name)
    public final PointerOfPointerMemory bpf_object__find_program_by_name =
            new PointerOfPointerMemory(symbol("bpf_object__find_program_by_name"));
    // struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program
    // *prog)
    public final PointerOfPointerPointer bpf_object__next_program =
            new PointerOfPointerPointer(symbol("bpf_object__next_program"));
    // void *bpf_map__initial_value(const struct bpf_map *map, size_t *psize)
    public final PointerOfPointerMemory bpf_map__initial_value =
            new PointerOfPointerMemory(symbol("bpf_map__initial_value"));
    // int bpf_map__set_value_size(struct bpf_map *map, __u32 size)
    public final IntOfPointerInt bpf_map__set_value_size =
            new IntOfPointerInt(symbol("bpf_map__set_value_size"));
    // int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
    public final IntOfPointerInt bpf_map__set_max_entries =
            new IntOfPointerInt(symbol("bpf_map__set_max_entries"));
    // int bpf_map__set_autocreate(struct bpf_map *map, bool autocreate)
    public final IntOfPointerBoolean bpf_map__set_autocreate =
            new IntOfPointerBoolean(symbol("bpf_map__set_autocreate"));
    // int bpf_map__reuse_fd(struct bpf_map *map, int fd)
    public final IntOfPointerInt bpf_map__reuse_fd =
            new IntOfPointerInt(symbol("bpf_map__reuse_fd"));
    // const char *bpf_map__name(const struct bpf_map *map)
    public final StringOfPointer bpf_map__name = new StringOfPointer(symbol("bpf_map__name"));
    // int bpf_map__fd(const struct bpf_map *map)
    public final IntOfPointer bpf_map__fd = new IntOfPointer(symbol("bpf_map__fd"));
    // enum bpf_map_type bpf_map__type(const struct bpf_map *map)
    public final IntOfPointer bpf_map__type = new IntOfPointer(symbol("bpf_map__type"));
    // __u32 bpf_map__key_size(const struct bpf_map *map)
    public final IntOfPointer bpf_map__key_size = new IntOfPointer(symbol("bpf_map__key_size"));
    // __u32 bpf_map__value_size(const struct bpf_map *map)
    public final IntOfPointer bpf_map__value_size = new IntOfPointer(symbol("bpf_map__value_size"));
    // __u32 bpf_map__max_entries(const struct bpf_map *map)
    public final IntOfPointer bpf_map__max_entries =
            new IntOfPointer(symbol("bpf_map__max_entries"));
    // struct bpf_link *bpf_map__attach_struct_ops(const struct bpf_map *map)
    public final PointerOfPointer bpf_map__attach_struct_ops =
            new PointerOfPointer(symbol("bpf_map__attach_struct_ops"));
    // const char *bpf_program__name(const struct bpf_program *prog)
    public final StringOfPointer bpf_program__name =
            new StringOfPointer(symbol("bpf_program__name"));
    // int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
    public final IntOfPointerBoolean bpf_program__set_autoload =
            new IntOfPointerBoolean(symbol("bpf_program__set_autoload"));
    // int bpf_program__set_log_level(struct bpf_program *prog, __u32 log_level)
    public final IntOfPointerInt bpf_program__set_log_level =
            new IntOfPointerInt(symbol("bpf_program__set_log_level"));
    // int bpf_program__set_log_buf(struct bpf_program *prog, char *log_buf, size_t log_size)
    public final IntOfPointerMemoryLong bpf_program__set_log_buf =
            new IntOfPointerMemoryLong(symbol("bpf_program__set_log_buf"));
    // int bpf_program__fd(const struct bpf_program *prog)
    public final IntOfPointer bpf_program__fd = new IntOfPointer(symbol("bpf_program__fd"));
    // struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
    public final PointerOfPointer bpf_program__attach =
            new PointerOfPointer(symbol("bpf_program__attach"));
    // int bpf_link__destroy(struct bpf_link *link)
    public final IntOfPointer bpf_link__destroy = new IntOfPointer(symbol("bpf_link__destroy"));
    // int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts)
    public final IntOfIntMemory bpf_prog_test_run_opts =
            new IntOfIntMemory(symbol("bpf_prog_test_run_opts"));

    // int bpf_map_get_next_id(__u32 start_id, __u32 *next_id)
    public final IntOfIntMemory bpf_map_get_next_id =
            new IntOfIntMemory(symbol("bpf_map_get_next_id"));
    // int bpf_map_get_fd_by_id(__u32 id)
    public final IntOfInt bpf_map_get_fd_by_id = new IntOfInt(symbol("bpf_map_get_fd_by_id"));
    // int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
    public final IntOfIntMemoryMemory bpf_obj_get_info_by_fd =
            new IntOfIntMemoryMemory(symbol("bpf_obj_get_info_by_fd"));

    LibbpfFunctions(NativeLibrary library) {
        super(library);
    }

    /// Which libbpf this is.
    public LibbpfVersion version() {
        return new LibbpfVersion(libbpf_major_version.call(), libbpf_minor_version.call());
    }
}
