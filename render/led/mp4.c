/* mp4.c -- H.264 in an MP4, for players that take nothing else: ffmpeg packs it, from the same frames as every other film.
 *
 * H.264 as such players know it keeps one colour for four dots (4:2:0), which takes half the light from thin red strokes; each
 * dot is therefore written as 2 x 2, and a warning says so. One thread and no clock: the same ffmpeg gives the same bytes. */
#include "led/film.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "ffmpeg"
#define INSTALL_HINT "install it: apt-get install ffmpeg; or write .webp, .apng, .gif or .fseq"
#define MOST_SIDE 2048            /* dots: doubled, what H.264's usual level still takes */

extern char **environ;

typedef struct Mp4 {
    pid_t child;                  /* 0: not there */
    int to_child;                 /* raw RGB goes in here, */
    int film, complaints;         /* the MP4 and ffmpeg's own words come out here: files without a name */
} Mp4;

static void close_all(Mp4 *mp4)
{
    int *const files[] = {&mp4->to_child, &mp4->film, &mp4->complaints};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (*files[i] >= 0) close(*files[i]);
        *files[i] = -1;
    }
}

/* A film that broke off leaves no process behind. */
static void release_mp4(void *place)
{
    Mp4 *mp4 = place;
    if (mp4->child > 0) {
        kill(mp4->child, SIGKILL);
        waitpid(mp4->child, NULL, 0);
    }
    close_all(mp4);
}

static bool is_installed(void)
{
    const char *path = getenv("PATH");
    char file[4096];
    for (const char *next = path; next; path = next + 1) {
        next = strchr(path, ':');
        size_t length = next ? (size_t)(next - path) : strlen(path);
        if (length && length + sizeof "/" PROGRAM <= sizeof file) {
            memcpy(file, path, length);
            memcpy(file + length, "/" PROGRAM, sizeof "/" PROGRAM);
            if (access(file, X_OK) == 0) return true;
        }
        if (!next) break;
    }
    return false;
}

static bool mp4_begin(LedFilm *film, Span where, DiagList *diags)
{
    const Screen *screen = film->plan->screen;
    if (screen->width > MOST_SIDE || screen->height > MOST_SIDE)
        return diag_error(diags, where, "film-size", "write .webp, .apng or .fseq", "an MP4 cannot have more than %d dots a side", MOST_SIDE);
    if (!is_installed()) return diag_system(diags, where, "no-ffmpeg", INSTALL_HINT, "an MP4 is packed by ffmpeg, which is not there");
    diag_warning(diags, where, "film-chroma", "write .webp, .apng, .gif or .fseq, which keep every dot, wherever the player takes one of them",
                 "an MP4 keeps one colour for four dots: thin coloured strokes lose light; each dot is written as 2 x 2");
    return true;
}

static bool spawn(LedFilm *film, Mp4 *mp4)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
    mp4->to_child = pair[0];
    mp4->film = memfd_create("film", MFD_CLOEXEC);
    mp4->complaints = memfd_create("complaints", MFD_CLOEXEC);
    const Screen *screen = film->plan->screen;
    char *size = arena_printf(film->arena, "%dx%d", screen->width, screen->height), *rate = arena_printf(film->arena, "%u", screen->fps);
    const char *const arguments[] = {
        PROGRAM, "-v", "error", "-nostdin", "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", size, "-framerate", rate, "-i", "pipe:0",
        "-vf", "scale=iw*2:ih*2:flags=neighbor", "-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", "-threads", "1", "-fflags", "+bitexact",
        "-flags:v", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", "-y", "/dev/fd/3", NULL,
    };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, pair[1], 0);
    posix_spawn_file_actions_adddup2(&actions, mp4->complaints, 1);
    posix_spawn_file_actions_adddup2(&actions, mp4->complaints, 2);
    posix_spawn_file_actions_adddup2(&actions, mp4->film, 3);
    /* Ctrl-C is for us: we end it. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int error = mp4->film < 0 || mp4->complaints < 0
                    ? errno : posix_spawnp(&mp4->child, PROGRAM, &actions, &attributes, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(pair[1]);
    if (error) mp4->child = 0;
    errno = error;
    return !error;
}

/* Its last words, or the system's. */
static bool fail(const LedFilm *film, const Mp4 *mp4, DiagList *diags)
{
    char words[400];
    ssize_t length = mp4->complaints >= 0 ? pread(mp4->complaints, words, sizeof words - 1, 0) : 0;
    words[length > 0 ? length : 0] = '\0';
    words[strcspn(words, "\n")] = '\0';
    return diag_system(diags, film->plan->screen->where, "no-ffmpeg", "write .webp, .apng, .gif or .fseq", "ffmpeg did not pack the film: %s",
                       *words ? words : strerror(errno));
}

static bool mp4_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    return film_rgb.shoot(film, run, encoder, arena, out, diags);
}

static bool mp4_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)file;
    if (index == 0) {
        Mp4 *mp4 = ARENA_NEW(film->arena, Mp4);
        *mp4 = (Mp4){.to_child = -1, .film = -1, .complaints = -1};
        film->state = mp4;
        *arena_own(film->arena, release_mp4) = mp4;
        if (!spawn(film, mp4)) return fail(film, mp4, diags);
    }
    Mp4 *mp4 = film->state;
    for (size_t at = 0; at < shot->length;) {
        ssize_t sent = send(mp4->to_child, shot->bytes + at, shot->length - at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return fail(film, mp4, diags);
        at += (size_t)sent;
    }
    return true;
}

static bool copy_film(const Mp4 *mp4, OutFile *file)
{
    char bytes[65536];
    ssize_t length;
    for (off_t at = 0; (length = pread(mp4->film, bytes, sizeof bytes, at)) > 0; at += length)
        if (!file_write(file, bytes, (size_t)length)) return true;           /* file_commit says why */
    return length == 0;
}

static bool mp4_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    Mp4 *mp4 = film->state;
    int status = 0;
    close(mp4->to_child);
    mp4->to_child = -1;
    while (waitpid(mp4->child, &status, 0) < 0 && errno == EINTR) {}
    mp4->child = 0;
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0 && copy_film(mp4, file);
    if (!ok) fail(film, mp4, diags);
    close_all(mp4);
    return ok;
}

const FilmFormat film_mp4 = {"an MP4", 0, 0, 0, 0, mp4_begin, mp4_shoot, mp4_add, mp4_finish};
