/* lock.c -- flock on a file beside the outputs. */
#include "job/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Was the file removed by its last holder between our opening and our locking it? */
static bool is_gone(int fd, const char *path)
{
    struct stat ours, named;
    return fstat(fd, &ours) || stat(path, &named) || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev;
}

static long read_pid(int fd)
{
    char text[32] = {0};
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    return length > 0 ? strtol(text, NULL, 10) : 0;
}

static bool report_busy(const char *what, long pid, DiagList *diags)
{
    const char *who = pid > 0 ? arena_printf(diags->arena, "another run (process %ld)", pid) : "another run";
    return diag_system(diags, SPAN_NONE, "busy", "wait until it is done, or choose another place with -o", "%s is writing %s", who, what);
}

static bool report_failed(const char *path, DiagList *diags)
{
    const char *words = strerrordesc_np(errno);
    return diag_system(diags, SPAN_NONE, "unwritable", "choose another place with -o, or check who may write there", "cannot write \"%s\": %s",
                       path, words ? words : "unknown error");
}

bool lock_take(Lock *lock, Arena *arena, const char *path, bool shared, const char *what, DiagList *diags)
{
    *lock = (Lock){.fd = -1, .path = arena_copy_string(arena, path)};
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0) return report_failed(path, diags);
        if (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB)) {
            int error = errno;
            long pid = read_pid(fd);
            close(fd);
            errno = error;
            return error == EWOULDBLOCK ? report_busy(what, pid, diags) : report_failed(path, diags);
        }
        if (is_gone(fd, path)) {
            close(fd);
            continue;
        }
        lock->fd = fd;
        if (shared) return true;
        lock->stale_pid = read_pid(fd);
        char pid[32];
        int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
        if (ftruncate(fd, 0) || pwrite(fd, pid, (size_t)length, 0) != length) {
            report_failed(path, diags);
            lock_drop(lock);
            return false;
        }
        return true;
    }
}

void lock_drop(Lock *lock)
{
    if (lock->fd < 0) return;
    if (!flock(lock->fd, LOCK_EX | LOCK_NB)) unlink(lock->path);
    close(lock->fd);
    lock->fd = -1;
}
