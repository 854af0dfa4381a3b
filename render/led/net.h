/* net.h -- private to led/: frames of channels as packets. Builders are pure: the same numbers give the same bytes. */
#ifndef RENDER_LED_NET_H
#define RENDER_LED_NET_H

#include <netinet/in.h>

#include "led/led.h"

typedef enum NetProtocol { NET_DDP, NET_SACN, NET_ARTNET } NetProtocol;

#define NET_DDP_PORT 4048
#define NET_SACN_PORT 5568
#define NET_ARTNET_PORT 6454

#define NET_DDP_BYTES 1440        /* 480 dots: fits an Ethernet frame */
#define NET_SLOTS 510             /* 170 dots a universe: none lies in two */
#define NET_PACKET_ROOM 1536
#define NET_SACN_DATA 126         /* bytes before the slots */
#define NET_SACN_SYNC_BYTES 49
#define NET_ARTNET_SYNC_BYTES 14

typedef struct NetSource { uint8_t cid[16]; const char *name; unsigned priority, sync_universe; } NetSource;     /* sACN */

/* Each answers the packet's length; `to` has NET_PACKET_ROOM bytes. */
size_t net_ddp(uint8_t *to, unsigned sequence, uint32_t offset, const uint8_t *data, size_t length, bool is_last);
size_t net_sacn(uint8_t *to, const NetSource *source, unsigned universe, uint8_t sequence, bool is_terminated, const uint8_t *slots, size_t count);
size_t net_sacn_sync(uint8_t *to, const NetSource *source, uint8_t sequence);
size_t net_artnet(uint8_t *to, unsigned address, uint8_t sequence, const uint8_t *slots, size_t count);
size_t net_artnet_sync(uint8_t *to);

/* A packet read back, for the loopback check: where its data belongs. False when it is none of ours. */
typedef struct NetPart { bool is_data, is_last; unsigned universe; uint32_t offset; const uint8_t *data; size_t length; } NetPart;
bool net_read(NetProtocol protocol, const uint8_t *packet, size_t length, NetPart *out);

/* ---- where to: "ddp://host", "sacn://multicast/1?priority=120&sync=7", .. ---- */

typedef struct NetTarget {
    NetProtocol protocol;
    const char *url, *host;
    bool is_multicast;
    unsigned port, universe;      /* the first; Art-Net: port-address, from 0 */
    unsigned priority, sync;      /* sync: sACN's universe, Art-Net's 0 or 1 */
    struct in_addr interface;     /* of multicast; 0: the system chooses */
    struct sockaddr_in address;   /* of unicast */
} NetTarget;

/* Errors: `bad-target`, `unknown-host`. */
bool net_target_read(NetTarget *target, const char *url, size_t channel_count, Arena *arena, DiagList *diags);

/* The address of a universe: the host's, or the universe's own group. */
struct sockaddr_in net_address_of(const NetTarget *target, unsigned universe);

#endif
