/* file.c -- whole files read into memory, and files written under no name until they are complete. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)256 << 10)
#define READ_BYTES ((size_t)64 << 10)
#define PIECE_BYTES ((size_t)1 << 20)         /* read at a time */

/* Never translated by the locale, and safe in threads, unlike strerror. */
static const char *error_words(int error)
{
    const char *words = strerrordesc_np(error);
    return words ? words : "unknown error";
}

/* ---- reading ---- */

typedef enum ReadResult { READ_DONE, READ_FAILED, READ_TOO_LARGE } ReadResult;

/* Read to the end into a buffer of malloc or of the spill, which `*place` holds at every moment. */
static ReadResult read_all(int fd, size_t expected, size_t limit, Spill *spill, void **place, size_t *length)
{
    size_t capacity = 0, cool_at = 0;
    for (*length = 0;;) {
        if (spill)
            spill_walk(spill, *length, &cool_at);
        if (capacity - *length < 2) {
            capacity = capacity ? capacity * 2 : expected + 2;
            void *grown = spill ? spill_resize(spill, *place, *length, capacity) : realloc(*place, capacity);
            if (!grown) {
                errno = ENOMEM;
                return READ_FAILED;
            }
            *place = grown;
        }
        size_t room = capacity - *length - 1;
        ssize_t count = read(fd, (char *)*place + *length, room < PIECE_BYTES ? room : PIECE_BYTES);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return READ_FAILED;
        if (!count)
            break;
        *length += (size_t)count;
        if (*length > limit)
            return READ_TOO_LARGE;
    }
    ((char *)*place)[*length] = '\0';
    return READ_DONE;
}

static const Source *report_unread(const char *path, int error, Span where, DiagList *diags)
{
    if (error == ENOENT || error == ENOTDIR)
        diag_error(diags, where, "missing-file", "check the spelling; paths are relative to the file that names them",
                   "no file \"%s\"", path);
    else if (error == EISDIR)
        diag_system(diags, where, "unreadable-file", "name a file in it", "cannot read \"%s\": it is a folder", path);
    else
        diag_system(diags, where, "unreadable-file", "check the file's permissions and the disk",
                    "cannot read \"%s\": %s", path, error_words(error));
    return NULL;
}

static const Source *read_file(Arena *arena, Spill *spill, const char *path, size_t limit, Span where, DiagList *diags)
{
    void *in_spill = NULL, **place = spill ? &in_spill : arena_own(arena, free);
    bool is_stdin = !strcmp(path, "-");
    const char *name = arena_copy_string(arena, is_stdin ? "<stdin>" : path);
    Source *source = ARENA_NEW(arena, Source);
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return report_unread(path, errno, where, diags);
    struct stat status;
    size_t expected = READ_BYTES, length = 0;
    if (!fstat(fd, &status) && S_ISREG(status.st_mode))
        expected = (size_t)status.st_size < limit ? (size_t)status.st_size : limit;
    ReadResult result = read_all(fd, expected, limit, spill, place, &length);
    int error = errno;
    if (!is_stdin)
        close(fd);
    if (result == READ_FAILED)
        return report_unread(name, error, where, diags);
    if (result == READ_TOO_LARGE) {
        diag_error(diags, where, "file-too-large", "cut it into several files", "\"%s\" is over %zu MB", name,
                   limit >> 20);
        return NULL;
    }
    *source = (Source){.path = name, .text = *place, .length = length};
    return source;
}

const Source *file_read(Arena *arena, const char *path, size_t limit, Span where, DiagList *diags)
{
    return read_file(arena, NULL, path, limit, where, diags);
}

const Source *file_read_spilled(Arena *arena, Spill *spill, const char *path, size_t limit, Span where, DiagList *diags)
{
    return read_file(arena, spill, path, limit, where, diags);
}

bool file_exists(const char *path)
{
    return !access(path, F_OK);
}

const char *file_resolve(Arena *arena, const char *from_file, const char *path)
{
    const char *slash = strrchr(from_file, '/');
    if (path[0] == '/' || !slash)
        return arena_copy_string(arena, path);
    return arena_printf(arena, "%.*s/%s", (int)(slash - from_file), from_file, path);
}

/* ---- folders ---- */

static bool report_folder(const char *path, int error, DiagList *diags)
{
    const char *hint = "choose another place with -o, or check who may write there";
    if (error == EEXIST || error == ENOTDIR)
        return diag_system(diags, SPAN_NONE, "unwritable", hint, "cannot make the folder \"%s\": %s", path,
                           error == EEXIST ? "there is a file of this name" : "a part of it is a file");
    return diag_system(diags, SPAN_NONE, "unwritable", hint,
                       "cannot make the folder \"%s\": %s", path, error_words(error));
}

/* One step of the way; a folder that is there already is as good. */
static bool make_one(const char *path, DiagList *diags)
{
    struct stat status;
    if (!mkdir(path, 0777) || (errno == EEXIST && !stat(path, &status) && S_ISDIR(status.st_mode)))
        return true;
    int error = errno;
    /* An existing parent on a read-only disk says EROFS or EACCES instead of EEXIST. */
    if (!stat(path, &status) && S_ISDIR(status.st_mode))
        return true;
    return report_folder(path, error, diags);
}

bool file_make_folder(const char *path, DiagList *diags)
{
    char partial[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof partial)
        return report_folder(path, ENAMETOOLONG, diags);
    memcpy(partial, path, length + 1);
    for (size_t i = 1; i < length; i++) {
        if (partial[i] != '/')
            continue;
        partial[i] = '\0';
        if (!make_one(partial, diags))
            return false;
        partial[i] = '/';
    }
    return !length || make_one(partial, diags);
}

/* ---- writing ---- */

struct OutFile {
    int fd;
    int error;                    /* the first errno, 0: none */
    bool is_direct;               /* standard output or a device: written in place */
    bool is_stdout;
    char *path;                   /* as the user gave it */
    char *target;                 /* with symbolic links followed */
    char *temporary;              /* the name it has now, NULL: none */
    size_t used, written;
    char buffer[BUFFER_BYTES];
};

static bool report_unwritten(const char *path, int error, DiagList *diags)
{
    static const struct {
        int error;
        const char *hint;
    } hints[] = {
        {ENOSPC, "free some space, or write to another disk with -o"},
        {EDQUOT, "free some space, or write to another disk with -o"},
        {EFBIG, "a limit of this account or disk: ulimit -f unlimited, or more files with less in each"},
        {ENOENT, "make the folder first"},
        {EACCES, "choose another place with -o, or check who may write there"},
        {EPERM, "choose another place with -o, or check who may write there"},
        {EROFS, "the disk is read-only: choose another place with -o"},
        {EISDIR, "there is a folder of that name: choose another name"},
        {EPIPE, "the program reading the output has stopped"},
    };
    const char *hint = "check the disk, or choose another place with -o";
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (hints[i].error == error)
            hint = hints[i].hint;
    return diag_system(diags, SPAN_NONE, "unwritable", hint, "cannot write \"%s\": %s", path, error_words(error));
}

static void free_out(OutFile *file)
{
    if (file->fd >= 0 && !file->is_stdout)
        close(file->fd);
    free(file->path);
    free(file->target);
    free(file->temporary);
    free(file);
}

/* The folder `target` is in, malloc'd. */
static char *folder_of(const char *target)
{
    const char *slash = strrchr(target, '/');
    if (!slash)
        return strdup(".");
    return strndup(target, slash == target ? 1 : (size_t)(slash - target));
}

/* A name beside the target that no other file of this run or another running one has. */
static char *temporary_name(const char *target)
{
    static atomic_uint counter;
    const char *slash = strrchr(target, '/');
    const char *base = slash ? slash + 1 : target;
    char *name = NULL;
    /* Cut long names: with the additions they must stay under NAME_MAX. */
    if (asprintf(&name, "%.*s.%.180s.%ld-%u.tmp", (int)(base - target), target, base, (long)getpid(),
                 atomic_fetch_add(&counter, 1)) < 0)
        return NULL;
    return name;
}

/* Open without a name, else with a temporary one. */
static int open_hidden(OutFile *file)
{
    char *folder = folder_of(file->target);
    if (!folder)
        return -1;
    /* Without /proc a file once opened nameless could not be named. */
    int fd = access("/proc/self/fd", X_OK) ? -1 : open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    if (fd >= 0)
        return fd;
    file->temporary = temporary_name(file->target);
    if (!file->temporary)
        return -1;
    fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        free(file->temporary);
        file->temporary = NULL;
    }
    return fd;
}

/* Sets errno on failure. */
static bool open_out(OutFile *file)
{
    struct stat status;
    if (!stat(file->path, &status)) {
        if (S_ISDIR(status.st_mode)) {
            errno = EISDIR;
            return false;
        }
        if (!S_ISREG(status.st_mode)) {             /* a pipe or device must not be replaced by a file */
            file->is_direct = true;
            file->fd = open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
            return file->fd >= 0;
        }
        file->target = realpath(file->path, NULL);
    } else {
        file->target = strdup(file->path);
    }
    if (!file->target)
        return false;
    file->fd = open_hidden(file);
    return file->fd >= 0;
}

OutFile *file_create(const char *path, DiagList *diags)
{
    OutFile *file = calloc(1, sizeof *file);
    char *name = strdup(path);
    if (!file || !name) {
        free(file);
        free(name);
        report_unwritten(path, ENOMEM, diags);
        return NULL;
    }
    file->fd = -1;
    file->path = name;
    if (!strcmp(path, "-")) {
        file->is_direct = file->is_stdout = true;
        file->fd = STDOUT_FILENO;
        return file;
    }
    if (open_out(file))
        return file;
    report_unwritten(path, errno, diags);
    free_out(file);
    return NULL;
}

/* Hand `length` bytes to the kernel; the first failure is kept. */
static bool put_bytes(OutFile *file, const char *bytes, size_t length)
{
    while (length && !file->error) {
        ssize_t count = write(file->fd, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            file->error = errno;
            break;
        }
        bytes += count;
        length -= (size_t)count;
    }
    return !file->error;
}

static bool flush(OutFile *file)
{
    size_t used = file->used;
    file->used = 0;
    return put_bytes(file, file->buffer, used);
}

bool file_write(OutFile *file, const void *bytes, size_t length)
{
    if (file->error)
        return false;
    file->written += length;
    if (length >= BUFFER_BYTES - file->used && !flush(file))
        return false;
    if (length >= BUFFER_BYTES)
        return put_bytes(file, bytes, length);
    if (length)
        memcpy(file->buffer + file->used, bytes, length);
    file->used += length;
    return true;
}

size_t file_written(const OutFile *file)
{
    return file->written;
}

/* Give the nameless file its name: at once when the name is free, else through a temporary one. */
static bool link_target(OutFile *file)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
    if (!linkat(AT_FDCWD, self, AT_FDCWD, file->target, AT_SYMLINK_FOLLOW))
        return true;
    if (errno != EEXIST)
        return false;
    char *name = temporary_name(file->target);
    if (!name || linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) {
        free(name);
        return false;
    }
    file->temporary = name;
    return true;
}

static bool sync_folder(const char *target)
{
    char *folder = folder_of(target);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (fd < 0)
        return true;                                /* a folder one may write but not list cannot be synced */
    bool done = !fsync(fd) || errno == EINVAL;
    close(fd);
    return done;
}

static bool give_name(OutFile *file, bool sync)
{
    if (sync && fsync(file->fd))
        return false;
    if (!file->temporary && !link_target(file))
        return false;
    if (file->temporary) {
        if (rename(file->temporary, file->target))
            return false;
        free(file->temporary);
        file->temporary = NULL;
    }
    return !sync || sync_folder(file->target);
}

bool file_report(const OutFile *file, DiagList *diags)
{
    if (file->error) report_unwritten(file->is_stdout ? "standard output" : file->path, file->error, diags);
    return file->error != 0;
}

bool file_commit(OutFile *file, bool sync, DiagList *diags)
{
    bool done = flush(file) && (file->is_direct || give_name(file, sync));
    int error = file->error ? file->error : errno;
    if (done && !file->is_stdout) {                 /* a network disk says "full" only now */
        done = !close(file->fd);
        error = errno;
        file->fd = -1;
    }
    if (!done) {
        report_unwritten(file->is_stdout ? "standard output" : file->path, error, diags);
        if (file->temporary)
            unlink(file->temporary);
    }
    free_out(file);
    return done;
}

void file_abandon(OutFile *file)
{
    if (!file)
        return;
    if (file->temporary)
        unlink(file->temporary);
    free_out(file);
}
