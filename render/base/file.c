/* file.c -- whole files in, whole files out. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)256 << 10)

/* ---- reading ---- */

static const Source *read_descriptor(Arena *arena, int fd, const char *path, size_t limit, Span where, DiagList *diags)
{
    struct stat status;
    size_t capacity = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? (size_t)status.st_size + 1 : 65536, length = 0;
    if (capacity > limit + 1) capacity = limit + 1;
    char *bytes = malloc(capacity + 1);
    ssize_t got = 0;
    while (bytes && length <= limit) {
        if (length == capacity) {
            char *grown = realloc(bytes, capacity * 2 + 1);
            if (!grown) break;
            bytes = grown;
            capacity *= 2;
        }
        got = read(fd, bytes + length, capacity - length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        length += (size_t)got;
    }
    Source *source = NULL;
    if (!bytes || got < 0) {
        diag_system(diags, where, "unreadable-file", NULL, "cannot read \"%s\": %s", path, bytes ? strerror(errno) : "out of memory");
    } else if (length > limit) {
        diag_error(diags, where, "file-too-large", "split it into smaller files", "\"%s\" is over %zu MB", path, limit >> 20);
    } else {
        source = ARENA_NEW(arena, Source);
        *source = (Source){arena_copy_string(arena, path), arena_copy(arena, bytes, length), length};
    }
    free(bytes);
    return source;
}

const Source *file_read(Arena *arena, const char *path, size_t limit, Span where, DiagList *diags)
{
    if (strcmp(path, "-") == 0) return read_descriptor(arena, STDIN_FILENO, "standard input", limit, where, diags);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        diag_error(diags, where, "unreadable-file", "name a file", "\"%s\" is a folder", path);
        return NULL;
    }
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        diag_error(diags, where, "missing-file", "check the name; it is looked for from the folder of the file that names it", "no file at \"%s\"", path);
        return NULL;
    }
    if (fd < 0) {
        diag_system(diags, where, "unreadable-file", NULL, "cannot read \"%s\": %s", path, strerror(errno));
        return NULL;
    }
    const Source *source = read_descriptor(arena, fd, path, limit, where, diags);
    close(fd);
    return source;
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

const char *file_resolve(Arena *arena, const char *from_file, const char *path)
{
    const char *slash = strrchr(from_file, '/');
    if (path[0] == '/' || !slash || strcmp(path, "-") == 0) return arena_copy_string(arena, path);
    return arena_printf(arena, "%.*s/%s", (int)(slash - from_file), from_file, path);
}

bool file_make_folder(const char *path, DiagList *diags)
{
    size_t length = strlen(path);
    char *part = malloc(length + 1);
    if (!part) return diag_system(diags, SPAN_NONE, "unwritable", NULL, "cannot make the folder \"%s\": out of memory", path);
    memcpy(part, path, length + 1);
    bool ok = true;
    for (size_t i = 1; ok && i <= length; i++) {
        if (part[i] != '/' && part[i]) continue;
        char end = part[i];
        part[i] = 0;
        struct stat status;
        if (mkdir(part, 0777) != 0 && !(errno == EEXIST && stat(part, &status) == 0 && S_ISDIR(status.st_mode)))
            ok = diag_system(diags, SPAN_NONE, "unwritable", NULL, "cannot make the folder \"%s\": %s", part, strerror(errno));
        part[i] = end;
    }
    free(part);
    return ok;
}

/* ---- writing ---- */

struct OutFile {
    int fd;
    int error;                    /* the first errno, or 0 */
    bool is_stdout, is_unnamed;   /* unnamed: O_TMPFILE, nothing to remove */
    char *path, *temporary;
    size_t written, buffered;
    char buffer[BUFFER_SIZE];
};

static char *temporary_name(const char *path)
{
    static _Atomic unsigned serial;
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0, room = strlen(path) + 64;
    char *name = malloc(room);
    if (name) snprintf(name, room, "%.*s.%s.%ld-%u.tmp", (int)folder, path, path + folder, (long)getpid(), serial++);
    return name;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == path ? strdup("/") : slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
}

static void open_file(OutFile *file)
{
    struct stat status;
    if (stat(file->path, &status) == 0 && !S_ISREG(status.st_mode)) {
        /* A device or a pipe is written to as it is. */
        if (S_ISDIR(status.st_mode)) file->error = EISDIR;
        else file->fd = open(file->path, O_WRONLY | O_CLOEXEC);
        file->is_stdout = true;
    } else {
        char *folder = folder_of(file->path);
        file->fd = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;
        free(folder);
        file->is_unnamed = file->fd >= 0;
        if (file->fd < 0) file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (file->fd < 0 && !file->error) file->error = errno;
}

OutFile *file_create(const char *path, DiagList *diags)
{
    OutFile *file = malloc(sizeof *file);
    if (!file) {
        diag_system(diags, SPAN_NONE, "unwritable", NULL, "cannot write \"%s\": out of memory", path);
        return NULL;
    }
    file->fd = -1;
    file->error = 0;
    file->written = file->buffered = 0;
    file->is_unnamed = false;
    file->is_stdout = strcmp(path, "-") == 0;
    file->path = strdup(path);
    file->temporary = temporary_name(path);
    if (!file->path || !file->temporary) file->error = ENOMEM;
    else if (file->is_stdout) file->fd = STDOUT_FILENO;
    else open_file(file);
    if (!file->error) return file;
    diag_system(diags, SPAN_NONE, "unwritable", file->error == ENOENT ? "make the folder first" : NULL, "cannot write \"%s\": %s", path, strerror(file->error));
    file_abandon(file);
    return NULL;
}

static void write_out(OutFile *file, const char *bytes, size_t length)
{
    while (length && !file->error) {
        ssize_t wrote = write(file->fd, bytes, length);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) file->error = wrote ? errno : EIO;
        else bytes += wrote, length -= (size_t)wrote;
    }
}

bool file_write(OutFile *file, const void *bytes, size_t length)
{
    file->written += length;
    if (file->buffered + length > BUFFER_SIZE) {
        write_out(file, file->buffer, file->buffered);
        file->buffered = 0;
    }
    if (length >= BUFFER_SIZE) {
        write_out(file, bytes, length);
    } else if (length) {
        memcpy(file->buffer + file->buffered, bytes, length);
        file->buffered += length;
    }
    return !file->error;
}

size_t file_written(const OutFile *file) { return file->written; }

/* Give the bytes their name at once: an unnamed file gets the temporary name first, since a link cannot replace. */
static void give_name(OutFile *file)
{
    if (file->is_unnamed) {
        char self[64];
        snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
        if (linkat(AT_FDCWD, self, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW) != 0) {
            file->error = errno;
            return;
        }
        file->is_unnamed = false;
    }
    if (rename(file->temporary, file->path) != 0) file->error = errno;
    else file->is_unnamed = true;       /* nothing is left to remove */
}

bool file_commit(OutFile *file, bool sync, DiagList *diags)
{
    write_out(file, file->buffer, file->buffered);
    if (!file->error && sync && !file->is_stdout && fsync(file->fd) != 0) file->error = errno;
    if (!file->error && !file->is_stdout) give_name(file);
    bool ok = !file->error;
    if (!ok)
        diag_system(diags, SPAN_NONE, "unwritable", file->error == ENOSPC ? "free some room, then run again" : NULL, "cannot write \"%s\": %s",
                    file->is_stdout && strcmp(file->path, "-") == 0 ? "standard output" : file->path, strerror(file->error));
    file_abandon(file);
    return ok;
}

void file_abandon(OutFile *file)
{
    if (!file) return;
    if (file->fd >= 0 && file->fd != STDOUT_FILENO) close(file->fd);
    if (!file->is_unnamed && !file->is_stdout && file->fd >= 0 && file->temporary) unlink(file->temporary);
    free(file->path);
    free(file->temporary);
    free(file);
}
