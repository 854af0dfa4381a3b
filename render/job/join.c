/* join.c -- libqpdf's C API: the first PDF takes in the pages of the others. */
#include "job/join.h"

#include <dlfcn.h>
#include <string.h>

#include <qpdf/qpdf-c.h>

#include "base/file.h"

/* Opened by hand: a C++ library would cost every small run more than drawing does. */
typedef struct Qpdf {
    __typeof__(&qpdf_init) init;
    __typeof__(&qpdf_cleanup) cleanup;
    __typeof__(&qpdf_silence_errors) silence_errors;
    __typeof__(&qpdf_read) read;
    __typeof__(&qpdf_get_num_pages) get_num_pages;
    __typeof__(&qpdf_get_page_n) get_page_n;
    __typeof__(&qpdf_add_page) add_page;
    __typeof__(&qpdf_oh_release) release;
    __typeof__(&qpdf_init_write_memory) init_write_memory;
    __typeof__(&qpdf_set_deterministic_ID) set_deterministic_ID;
    __typeof__(&qpdf_set_object_stream_mode) set_object_stream_mode;
    __typeof__(&qpdf_write) write;
    __typeof__(&qpdf_get_buffer) get_buffer;
    __typeof__(&qpdf_get_buffer_length) get_buffer_length;
    __typeof__(&qpdf_has_error) has_error;
    __typeof__(&qpdf_get_error) get_error;
    __typeof__(&qpdf_get_error_full_text) get_error_full_text;
} Qpdf;

static bool open_qpdf(Qpdf *qpdf)
{
    void *library = dlopen("libqpdf.so.29", RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    const struct { const char *name; void *place; } functions[] = {
        {"qpdf_init", &qpdf->init}, {"qpdf_cleanup", &qpdf->cleanup}, {"qpdf_silence_errors", &qpdf->silence_errors}, {"qpdf_read", &qpdf->read},
        {"qpdf_get_num_pages", &qpdf->get_num_pages}, {"qpdf_get_page_n", &qpdf->get_page_n}, {"qpdf_add_page", &qpdf->add_page},
        {"qpdf_oh_release", &qpdf->release}, {"qpdf_init_write_memory", &qpdf->init_write_memory},
        {"qpdf_set_deterministic_ID", &qpdf->set_deterministic_ID}, {"qpdf_set_object_stream_mode", &qpdf->set_object_stream_mode},
        {"qpdf_write", &qpdf->write}, {"qpdf_get_buffer", &qpdf->get_buffer}, {"qpdf_get_buffer_length", &qpdf->get_buffer_length},
        {"qpdf_has_error", &qpdf->has_error}, {"qpdf_get_error", &qpdf->get_error}, {"qpdf_get_error_full_text", &qpdf->get_error_full_text},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) return false;
        memcpy(functions[i].place, &function, sizeof function);
    }
    return true;
}

static bool report(const Qpdf *qpdf, qpdf_data data, const char *path, DiagList *diags)
{
    const char *words = qpdf->has_error(data) ? qpdf->get_error_full_text(data, qpdf->get_error(data)) : "unknown error";
    return diag_error(diags, SPAN_NONE, "shard-broken", "draw the shard again", "\"%s\" cannot be joined: %s", path, words);
}

typedef struct Join { Qpdf qpdf; qpdf_data *files; size_t count; } Join;

static void release_join(void *pointer)
{
    Join *join = pointer;
    for (size_t i = join->count; i-- > 0;)
        if (join->files[i]) join->qpdf.cleanup(&join->files[i]);
}

/* Pages are copied when the whole is written: all files stay open until then. */
static bool add_file(Join *join, size_t index, const char *path, DiagList *diags)
{
    const Qpdf *qpdf = &join->qpdf;
    qpdf_data file = join->files[index] = qpdf->init(), whole = join->files[0];
    qpdf->silence_errors(file);
    if (qpdf->read(file, path, NULL) & QPDF_ERRORS) return report(qpdf, file, path, diags);
    int pages = qpdf->get_num_pages(file);
    for (int i = 0; index && i < pages; i++) {
        qpdf_oh page = qpdf->get_page_n(file, (size_t)i);
        if (qpdf->add_page(whole, file, page, QPDF_FALSE) & QPDF_ERRORS) return report(qpdf, whole, path, diags);
        qpdf->release(file, page);
    }
    return true;
}

bool join_files(Arena *arena, const char *const *paths, size_t count, const char *output, DiagList *diags)
{
    void **place = arena_own(arena, release_join);
    Join *join = ARENA_NEW(arena, Join);
    if (!open_qpdf(&join->qpdf))
        return diag_system(diags, SPAN_NONE, "no-qpdf", "apt-get install libqpdf29, or join the parts by hand", "PDFs cannot be joined: libqpdf is not installed");
    join->files = ARENA_ARRAY(arena, qpdf_data, count + 1);
    join->count = count;
    *place = join;
    for (size_t i = 0; i < count; i++)
        if (!add_file(join, i, paths[i], diags)) return false;
    const Qpdf *qpdf = &join->qpdf;
    qpdf_data whole = join->files[0];
    if (qpdf->init_write_memory(whole) & QPDF_ERRORS) return report(qpdf, whole, output, diags);
    qpdf->set_deterministic_ID(whole, QPDF_TRUE);
    qpdf->set_object_stream_mode(whole, qpdf_o_preserve);
    if (qpdf->write(whole) & QPDF_ERRORS) return report(qpdf, whole, output, diags);
    OutFile *file = file_create(output, diags);
    if (!file) return false;
    file_write(file, qpdf->get_buffer(whole), qpdf->get_buffer_length(whole));
    return file_commit(file, true, diags);
}
