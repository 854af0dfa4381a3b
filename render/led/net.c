/* net.c -- packets of DDP, E1.31 (ANSI E1.31-2018, "sACN") and Art-Net 4, built and read back. */
#include "led/net.h"

#include <string.h>

#include "led/film.h"

/* ---- DDP ---- */

#define DDP_HEAD 10
enum { DDP_VERSION_1 = 0x40, DDP_PUSH = 0x01, DDP_RGB_8 = 0x0b, DDP_DISPLAY = 1 };

size_t net_ddp(uint8_t *to, unsigned sequence, uint32_t offset, const uint8_t *data, size_t length, bool is_last)
{
    to[0] = (uint8_t)(DDP_VERSION_1 | (is_last ? DDP_PUSH : 0));
    to[1] = (uint8_t)sequence;
    to[2] = DDP_RGB_8;
    to[3] = DDP_DISPLAY;
    put32be(to + 4, offset);
    put16be(to + 8, (uint32_t)length);
    memcpy(to + DDP_HEAD, data, length);
    return DDP_HEAD + length;
}

/* ---- E1.31 ---- */

static const uint8_t acn_root[16] = {0, 0x10, 0, 0, 'A', 'S', 'C', '-', 'E', '1', '.', '1', '7', 0, 0, 0};

static void put_flags(uint8_t *packet, size_t at, size_t length) { put16be(packet + at, 0x7000 | (uint32_t)(length - at)); }

size_t net_sacn(uint8_t *to, const NetSource *source, unsigned universe, uint8_t sequence, bool is_terminated, const uint8_t *slots, size_t count)
{
    size_t length = NET_SACN_DATA + count, name = strlen(source->name);
    memset(to, 0, NET_SACN_DATA);
    memcpy(to, acn_root, sizeof acn_root);
    put_flags(to, 16, length);
    put32be(to + 18, 4);                                     /* VECTOR_ROOT_E131_DATA */
    memcpy(to + 22, source->cid, 16);
    put_flags(to, 38, length);
    put32be(to + 40, 2);                                     /* VECTOR_E131_DATA_PACKET */
    memcpy(to + 44, source->name, name < 63 ? name : 63);
    to[108] = (uint8_t)source->priority;
    put16be(to + 109, source->sync_universe);
    to[111] = sequence;
    to[112] = is_terminated ? 0x40 : 0;
    put16be(to + 113, universe);
    put_flags(to, 115, length);
    to[117] = 2;                                             /* set property */
    to[118] = 0xa1;
    put16be(to + 121, 1);
    put16be(to + 123, (uint32_t)count + 1);
    memcpy(to + NET_SACN_DATA, slots, count);
    return length;
}

size_t net_sacn_sync(uint8_t *to, const NetSource *source, uint8_t sequence)
{
    memset(to, 0, NET_SACN_SYNC_BYTES);
    memcpy(to, acn_root, sizeof acn_root);
    put_flags(to, 16, NET_SACN_SYNC_BYTES);
    put32be(to + 18, 8);                                     /* VECTOR_ROOT_E131_EXTENDED */
    memcpy(to + 22, source->cid, 16);
    put_flags(to, 38, NET_SACN_SYNC_BYTES);
    put32be(to + 40, 1);                                     /* VECTOR_E131_EXTENDED_SYNCHRONIZATION */
    to[44] = sequence;
    put16be(to + 45, source->sync_universe);
    return NET_SACN_SYNC_BYTES;
}

/* ---- Art-Net ---- */

#define ARTNET_HEAD 18

size_t net_artnet(uint8_t *to, unsigned address, uint8_t sequence, const uint8_t *slots, size_t count)
{
    size_t even = (count + 1) & ~(size_t)1;
    memcpy(to, "Art-Net", 8);
    put16le(to + 8, 0x5000);
    put16be(to + 10, 14);
    to[12] = sequence;
    to[13] = 0;
    to[14] = (uint8_t)address;
    to[15] = (uint8_t)(address >> 8);
    put16be(to + 16, (uint32_t)even);
    memcpy(to + ARTNET_HEAD, slots, count);
    if (even > count) to[ARTNET_HEAD + count] = 0;
    return ARTNET_HEAD + even;
}

size_t net_artnet_sync(uint8_t *to)
{
    memset(to, 0, NET_ARTNET_SYNC_BYTES);
    memcpy(to, "Art-Net", 8);
    put16le(to + 8, 0x5200);
    put16be(to + 10, 14);
    return NET_ARTNET_SYNC_BYTES;
}

/* ---- reading back ---- */

static unsigned get16be(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

static bool read_ddp(const uint8_t *packet, size_t length, NetPart *out)
{
    if (length < DDP_HEAD || (packet[0] & 0xc0) != DDP_VERSION_1 || get16be(packet + 8) != length - DDP_HEAD) return false;
    *out = (NetPart){.is_data = true, .is_last = packet[0] & DDP_PUSH, .offset = (uint32_t)get16be(packet + 4) << 16 | get16be(packet + 6),
                     .data = packet + DDP_HEAD, .length = length - DDP_HEAD};
    return true;
}

static bool read_sacn(const uint8_t *packet, size_t length, NetPart *out)
{
    if (length < NET_SACN_SYNC_BYTES || memcmp(packet, acn_root, sizeof acn_root) != 0) return false;
    *out = (NetPart){0};
    if (packet[21] == 8) return length == NET_SACN_SYNC_BYTES;
    if (length < NET_SACN_DATA || get16be(packet + 123) != length - NET_SACN_DATA + 1) return false;
    *out = (NetPart){.is_data = true, .universe = get16be(packet + 113), .data = packet + NET_SACN_DATA, .length = length - NET_SACN_DATA};
    return true;
}

static bool read_artnet(const uint8_t *packet, size_t length, NetPart *out)
{
    if (length < NET_ARTNET_SYNC_BYTES || memcmp(packet, "Art-Net", 8) != 0) return false;
    *out = (NetPart){0};
    if (packet[9] == 0x52) return length == NET_ARTNET_SYNC_BYTES;
    if (length < ARTNET_HEAD || get16be(packet + 16) != length - ARTNET_HEAD) return false;
    *out = (NetPart){.is_data = true, .universe = (unsigned)packet[15] << 8 | packet[14], .data = packet + ARTNET_HEAD, .length = length - ARTNET_HEAD};
    return true;
}

bool net_read(NetProtocol protocol, const uint8_t *packet, size_t length, NetPart *out)
{
    return protocol == NET_DDP    ? read_ddp(packet, length, out)
           : protocol == NET_SACN ? read_sacn(packet, length, out)
                                  : read_artnet(packet, length, out);
}
