/* live.c -- frames at their times: one burst of packets a frame, then sleep until the next deadline of an absolute clock. */
#include "led/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "led/map.h"
#include "led/plan.h"

#define SECOND ((uint64_t)1000000000)
#define TERMINATED_PACKETS 3      /* E1.31, 6.2.6 */
#define LAMP_GAMMA 2.2

typedef struct Live {
    const LedPlan *plan;
    const LedPlayOptions *options;
    NetTarget target;
    NetSource source;
    DiagList *diags;
    LedPlayed *played;
    int socket, reader;           /* reader: of the loopback check, else -1 */
    size_t channels, packet_count;
    uint32_t *parts;              /* of every packet: which stretch of the channels it carries; stretches without a lamp are not sent */
    uint8_t light[256];           /* brightness and gamma */
    uint8_t *data, *read_back;    /* channels of the frame; what came back of it */
    uint8_t (*packets)[NET_PACKET_ROOM];
    struct sockaddr_in *addresses;
    struct iovec *pieces;
    struct mmsghdr *messages;
    uint8_t *sequences;           /* a universe; the last is the synchronisation's */
    unsigned frame_sequence;      /* DDP: one a frame, 1 to 15 */
    unsigned refused_frames;      /* of the last second */
    uint64_t refused_until;
    bool has_failed;
} Live;

static uint64_t real_now(void *context)
{
    (void)context;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void real_sleep_until(void *context, uint64_t until)
{
    (void)context;
    struct timespec time = {.tv_sec = (time_t)(until / SECOND), .tv_nsec = (long)(until % SECOND)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);            /* a signal ends it early: *stop is looked at */
}

static const LedClock real_clock = {real_now, real_sleep_until, NULL};

static bool is_stopped(const Live *live) { return live->has_failed || (live->options->stop && *live->options->stop); }

/* ---- light ---- */

/* Brightness is a share of the light, not of the number: where the receiver has the lamps' curve, we apply its inverse. */
static void fill_light(Live *live)
{
    double gamma = live->options->gamma, share = live->options->brightness;
    if (gamma == 1) share = pow(share, 1 / LAMP_GAMMA);
    for (int value = 0; value < 256; value++) live->light[value] = (uint8_t)lround(255 * share * pow(value / 255.0, gamma));
}

/* ---- packets ---- */

static size_t part_bytes(const Live *live) { return live->target.protocol == NET_DDP ? NET_DDP_BYTES : NET_SLOTS; }

typedef struct Stretch { size_t from, length; } Stretch;

static Stretch stretch_of(const Live *live, size_t packet)
{
    size_t each = part_bytes(live), from = live->parts[packet] * each;
    return (Stretch){from, live->channels - from < each ? live->channels - from : each};
}

static unsigned universe_of(const Live *live, size_t packet) { return live->target.universe + live->parts[packet]; }

static size_t build_packet(Live *live, size_t index, bool is_terminated)
{
    size_t from = stretch_of(live, index).from, length = stretch_of(live, index).length;
    const uint8_t *data = live->data + from;
    uint8_t *to = live->packets[index];
    unsigned universe = universe_of(live, index);
    switch (live->target.protocol) {
    case NET_DDP: return net_ddp(to, live->frame_sequence, (uint32_t)from, data, length, index + 1 == live->packet_count);
    case NET_SACN: return net_sacn(to, &live->source, universe, live->sequences[index]++, is_terminated, data, length);
    case NET_ARTNET:
        if (live->sequences[index] == 0) live->sequences[index] = 1;         /* 0 switches the order off */
        return net_artnet(to, universe, live->sequences[index]++, data, length);
    }
    return 0;
}

static bool has_sync(const Live *live) { return live->target.sync && live->target.protocol != NET_DDP; }

static void add_message(Live *live, size_t index, size_t length, unsigned universe)
{
    if (live->reader < 0) live->addresses[index] = net_address_of(&live->target, universe);
    live->pieces[index] = (struct iovec){live->packets[index], length};
    live->messages[index].msg_hdr = (struct msghdr){.msg_name = &live->addresses[index], .msg_namelen = sizeof *live->addresses,
                                                    .msg_iov = &live->pieces[index], .msg_iovlen = 1};
}

/* ---- the loopback check ---- */

static bool fail(Live *live, const char *code, const char *hint, const char *what)
{
    if (!live->has_failed) diag_system(live->diags, SPAN_NONE, code, hint, "%s: %s", live->target.url, what);
    live->has_failed = true;
    return false;
}

static bool take_back(Live *live, size_t index)
{
    uint8_t packet[NET_PACKET_ROOM];
    ssize_t length = recv(live->reader, packet, sizeof packet, 0);
    NetPart part;
    if (length < 0 || !net_read(live->target.protocol, packet, (size_t)length, &part)) return fail(live, "loopback", NULL, "a packet did not come back");
    if (!part.is_data) return true;
    size_t at = live->target.protocol == NET_DDP ? part.offset : (part.universe - live->target.universe) * (size_t)NET_SLOTS;
    Stretch sent = stretch_of(live, index);
    if (at != sent.from || part.length < sent.length) return fail(live, "loopback", NULL, "a packet came back for another place");
    memcpy(live->read_back + at, part.data, sent.length);    /* Art-Net pads to even */
    return true;
}

static bool send_and_take_back(Live *live, size_t count)
{
    memset(live->read_back, 0, live->channels);              /* dark, where nothing is sent */
    for (size_t i = 0; i < count; i++) {
        if (sendmsg(live->socket, &live->messages[i].msg_hdr, 0) < 0) return fail(live, "loopback", NULL, strerror(errno));
        live->played->packets++;
        if (!take_back(live, i)) return false;
    }
    if (memcmp(live->read_back, live->data, live->channels) != 0)
        return fail(live, "loopback", NULL, "a frame came back with other dots");
    live->played->checked++;
    return true;
}

/* ---- sending ---- */

/* A host that is there but has no receiver answers "port unreachable"; the answers come a packet late. */
static void note_refusal(Live *live, uint64_t now)
{
    if (now > live->refused_until) {
        live->refused_until = now + SECOND;
        live->refused_frames = 0;
    }
    if (++live->refused_frames > live->plan->screen->fps / 4 + 1)
        fail(live, "refused", "start the receiver first, or correct the port", "nothing listens there");
}

static void send_messages(Live *live, size_t count, uint64_t now)
{
    if (live->reader >= 0) {
        send_and_take_back(live, count);
        return;
    }
    bool is_refused = false;
    for (size_t at = 0; at < count;) {
        int sent = sendmmsg(live->socket, live->messages + at, (unsigned)(count - at), MSG_DONTWAIT);
        if (sent > 0) {
            live->played->packets += (uint64_t)sent;
            at += (size_t)sent;
            continue;
        }
        if (errno == EINTR) continue;
        if (errno == ECONNREFUSED) {
            is_refused = true;
            live->played->lost++;
            at++;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
            live->played->lost += count - at;                /* the frame is late for the network: the next one is not */
            break;
        } else {
            fail(live, "unreachable", "check the address and the cable", strerror(errno));
            break;
        }
    }
    if (is_refused) note_refusal(live, now);
}

static void send_data(Live *live, bool is_terminated, uint64_t now)
{
    size_t count = live->packet_count;
    live->frame_sequence = live->frame_sequence % 15 + 1;
    for (size_t i = 0; i < count; i++) add_message(live, i, build_packet(live, i, is_terminated), universe_of(live, i));
    if (has_sync(live)) {
        uint8_t *to = live->packets[count];
        size_t length = live->target.protocol == NET_SACN ? net_sacn_sync(to, &live->source, live->sequences[count]++) : net_artnet_sync(to);
        add_message(live, count++, length, live->target.sync);
    }
    send_messages(live, count, now);
}

static void send_frame(Live *live, size_t index, Arena *scratch, uint64_t now)
{
    arena_reset(scratch);
    PngPicture frame = led_frame(live->plan, index, scratch);
    const uint8_t *rgb = led_frame_rgb(&frame, scratch);
    led_map_frame(live->plan->map, rgb, live->data);
    for (size_t i = 0; i < live->channels; i++) live->data[i] = live->light[live->data[i]];
    send_data(live, false, now);
    if (!live->has_failed) live->played->frames++;
}

/* Dark, and for sACN gone: a receiver would else keep the last frame, or hold it against the next source's. */
static void black_out(Live *live, uint64_t now)
{
    memset(live->data, 0, live->channels);
    uint64_t checked = live->played->checked;
    send_data(live, false, now);
    for (int i = 0; live->target.protocol == NET_SACN && i < TERMINATED_PACKETS; i++) send_data(live, true, now);
    live->played->checked = checked;
}

/* ---- opening ---- */

static bool open_reader(Live *live)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    struct timeval patience = {.tv_sec = 1};
    live->reader = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (live->reader < 0 || bind(live->reader, (struct sockaddr *)&here, sizeof here) != 0 ||
        getsockname(live->reader, (struct sockaddr *)&here, &length) != 0 ||
        setsockopt(live->reader, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
        return fail(live, "loopback", NULL, strerror(errno));
    for (size_t i = 0; i <= live->packet_count; i++) live->addresses[i] = here;
    return true;
}

static bool open_sockets(Live *live)
{
    live->reader = -1;
    live->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (live->socket < 0) return fail(live, "unreachable", NULL, strerror(errno));
    if (live->options->checks_loopback) return open_reader(live);
    if (live->target.is_multicast) {
        if (live->target.interface.s_addr &&
            setsockopt(live->socket, IPPROTO_IP, IP_MULTICAST_IF, &live->target.interface, sizeof live->target.interface) != 0)
            return fail(live, "unreachable", "an address of this machine", "no such interface");
        return true;
    }
    /* Connected, the socket hears of refusals. */
    if (connect(live->socket, (struct sockaddr *)&live->target.address, sizeof live->target.address) != 0)
        return fail(live, "unreachable", "check the address and the cable", strerror(errno));
    return true;
}

static void plan_packets(Live *live, Arena *arena)
{
    const LedMap *map = live->plan->map;
    size_t each = part_bytes(live);
    live->parts = ARENA_ARRAY(arena, uint32_t, (live->channels + each - 1) / each);
    for (size_t i = 0, next = 0; i < map->range_count; i++) {
        size_t first = map->ranges[i].first / each, last = (map->ranges[i].first + map->ranges[i].count - 1) / each;
        for (next = first > next ? first : next; next <= last; next++) live->parts[live->packet_count++] = (uint32_t)next;
    }
}

static bool open_live(Live *live, Arena *arena)
{
    live->channels = live->plan->map->channel_count;
    if (!net_target_read(&live->target, live->options->to, live->channels, arena, live->diags)) return false;
    plan_packets(live, arena);
    size_t room = live->packet_count + 1;
    live->data = arena_alloc(arena, live->channels);
    live->read_back = arena_alloc(arena, live->channels);
    live->packets = arena_alloc_array(arena, room, sizeof *live->packets);
    live->addresses = ARENA_ARRAY(arena, struct sockaddr_in, room);
    live->pieces = ARENA_ARRAY(arena, struct iovec, room);
    live->messages = ARENA_ARRAY(arena, struct mmsghdr, room);
    live->sequences = ARENA_ARRAY(arena, uint8_t, room);
    live->source = (NetSource){.name = "biaoyu", .priority = live->target.priority, .sync_universe = live->target.sync};
    /* A new source each run: receivers drop packets that an old one seems to have numbered before. */
    if (getrandom(live->source.cid, sizeof live->source.cid, 0) != sizeof live->source.cid)
        return fail(live, "unreachable", NULL, "no random number for the source");
    fill_light(live);
    return open_sockets(live);
}

/* ---- time ---- */

static uint64_t total_frames(const Live *live)
{
    const Playlist *playlist = live->plan->playlist;
    uint64_t count = led_frame_count(live->plan), loops = live->options->loops, most = live->options->most_frames;
    if (!loops && !playlist->is_forever) loops = playlist->loop ? playlist->loop : 1;
    uint64_t total = loops ? loops * count : UINT64_MAX;
    return most && most < total ? most : total;
}

/* Frame n's time, without rounding that adds up: whole seconds, then the rest. */
static uint64_t time_of(uint64_t frame, unsigned fps) { return frame / fps * SECOND + frame % fps * SECOND / fps; }

static uint64_t frame_at(uint64_t time, unsigned fps) { return time / SECOND * fps + time % SECOND * fps / SECOND; }

/* Where the frames begin again: with another plan, if there is one. `first`: the frame that the plan at hand began with. */
static void come_round(Live *live, uint64_t frame, uint64_t *first)
{
    size_t count = led_frame_count(live->plan);
    if (frame - *first < count) return;
    *first += count;
    const LedPlan *next = live->options->renew ? live->options->renew(live->options->renew_context, *first) : NULL;
    if (next) live->plan = next;
    count = led_frame_count(live->plan);
    *first += (frame - *first) / count * count;
}

static void play(Live *live, const LedClock *clock, Arena *scratch)
{
    unsigned fps = live->plan->screen->fps;
    uint64_t first = 0;
    uint64_t total = total_frames(live), start = clock->now(clock->context), now = start;
    for (uint64_t frame = 0; frame < total && !is_stopped(live); frame++) {
        now = clock->now(clock->context);
        while (now < start + time_of(frame, fps) && !is_stopped(live)) {
            clock->sleep_until(clock->context, start + time_of(frame, fps));
            now = clock->now(clock->context);
        }
        if (is_stopped(live)) break;
        uint64_t due = frame_at(now - start, fps);           /* the one to be seen now */
        if (due >= total) due = total - 1;
        if (due > frame) {
            live->played->late += due - frame;
            frame = due;
        }
        come_round(live, frame, &first);
        send_frame(live, (size_t)(frame - first), scratch, now);
    }
    /* The last frame is seen as long as the others. */
    uint64_t end = start + time_of(live->played->frames + live->played->late, fps);
    while (!is_stopped(live) && (now = clock->now(clock->context)) < end) clock->sleep_until(clock->context, end);
    live->played->nanoseconds = clock->now(clock->context) - start;
    black_out(live, now);
}

bool led_play(const LedPlan *plan, const LedPlayOptions *options, Arena *arena, DiagList *diags, LedPlayed *played)
{
    *played = (LedPlayed){0};
    Live *live = ARENA_NEW(arena, Live);
    *live = (Live){.plan = plan, .options = options, .diags = diags, .played = played, .socket = -1, .reader = -1};
    Arena *scratch = arena_new(0);
    bool ok = scratch && open_live(live, arena);
    if (ok) play(live, options->clock ? options->clock : &real_clock, scratch);
    if (live->socket >= 0) close(live->socket);
    if (live->reader >= 0) close(live->reader);
    arena_free(scratch);
    return ok && !live->has_failed;
}
