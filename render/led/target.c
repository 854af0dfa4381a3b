/* target.c -- "sacn://192.168.1.20/1?priority=120" read into an address. Nothing but the host the user names is ever
 * spoken to: no broadcast, no search. */
#include "led/net.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "base/num.h"

typedef struct Scheme { const char *prefix; NetProtocol protocol; unsigned port, first, most; } Scheme;   /* universes */

static const Scheme schemes[] = {
    {"ddp://", NET_DDP, NET_DDP_PORT, 0, 0},
    {"sacn://", NET_SACN, NET_SACN_PORT, 1, 63999},
    {"artnet://", NET_ARTNET, NET_ARTNET_PORT, 0, 32767},
};

static bool refuse(const NetTarget *target, const char *hint, DiagList *diags)
{
    return diag_error(diags, SPAN_NONE, "bad-target", hint, "cannot send to \"%s\"", target->url);
}

static bool read_number(const char *text, unsigned least, unsigned most, unsigned *out)
{
    long value;
    if (!num_parse_count(text, &value) || value < (long)least || value > (long)most) return false;
    *out = (unsigned)value;
    return true;
}

/* key=value, between "&"s. */
static bool read_settings(NetTarget *target, char *text, DiagList *diags)
{
    for (char *next; text && *text; text = next) {
        next = strchr(text, '&');
        if (next) *next++ = '\0';
        char *value = strchr(text, '=');
        if (value) *value++ = '\0';
        bool is_sacn = target->protocol == NET_SACN, ok = false;
        if (!value) ok = false;
        else if (is_sacn && strcmp(text, "priority") == 0) ok = read_number(value, 0, 200, &target->priority);
        else if (strcmp(text, "sync") == 0 && target->protocol != NET_DDP) ok = read_number(value, 0, is_sacn ? 63999 : 1, &target->sync);
        else if (is_sacn && strcmp(text, "interface") == 0) ok = inet_pton(AF_INET, value, &target->interface) == 1;
        if (!ok)
            return refuse(target, is_sacn ? "settings are priority=0..200, sync=UNIVERSE, interface=ADDRESS" : "the one setting is sync=1, of artnet://", diags);
    }
    return true;
}

static bool find_host(NetTarget *target, DiagList *diags)
{
    target->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)target->port)};
    if (target->is_multicast) return true;
    struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found = NULL;
    int code = getaddrinfo(target->host, NULL, &wanted, &found);
    if (code != 0 || !found)
        return diag_system(diags, SPAN_NONE, "unknown-host", "an address such as 192.168.1.20, or a name that is known here",
                           "there is no host \"%s\": %s", target->host, gai_strerror(code));
    memcpy(&target->address.sin_addr, &((struct sockaddr_in *)(void *)found->ai_addr)->sin_addr, sizeof target->address.sin_addr);
    freeaddrinfo(found);
    return true;
}

bool net_target_read(NetTarget *target, const char *url, size_t channel_count, Arena *arena, DiagList *diags)
{
    *target = (NetTarget){.url = url, .priority = 100};
    const Scheme *scheme = NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) == 0) scheme = &schemes[i];
    if (!scheme) return refuse(target, "ddp://HOST, sacn://HOST/UNIVERSE, sacn://multicast/UNIVERSE or artnet://HOST/UNIVERSE", diags);
    target->protocol = scheme->protocol;
    target->port = scheme->port;
    target->universe = scheme->first;

    char *host = arena_copy_string(arena, url + strlen(scheme->prefix));
    char *settings = strchr(host, '?');
    if (settings) *settings++ = '\0';
    char *path = strchr(host, '/');
    if (path) *path++ = '\0';
    char *port = strchr(host, ':');
    if (port) *port++ = '\0';
    target->host = host;
    if (!*host) return refuse(target, "name a host, such as 192.168.1.20", diags);
    if (port && !read_number(port, 1, 65535, &target->port)) return refuse(target, "a port is 1 to 65535", diags);
    if (path && *path && !(scheme->most && read_number(path, scheme->first, scheme->most, &target->universe)))
        return refuse(target, scheme->protocol == NET_DDP    ? "DDP has no universes: ddp://HOST"
                              : scheme->protocol == NET_SACN ? "universes are 1 to 63999"
                                                             : "port-addresses are 0 to 32767", diags);
    target->is_multicast = target->protocol == NET_SACN && strcmp(host, "multicast") == 0;
    if (!read_settings(target, settings, diags)) return false;
    size_t universes = (channel_count + NET_SLOTS - 1) / NET_SLOTS;
    if (scheme->most && target->universe + universes - 1 > scheme->most)
        return refuse(target, arena_printf(arena, "the screen needs %zu universes", universes), diags);
    return find_host(target, diags);
}

struct sockaddr_in net_address_of(const NetTarget *target, unsigned universe)
{
    struct sockaddr_in address = target->address;
    if (target->is_multicast) address.sin_addr.s_addr = htonl(0xefff0000u | universe);       /* 239.255.high.low */
    return address;
}
