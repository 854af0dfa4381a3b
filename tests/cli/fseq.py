# fseq.py FILE -- a reader of Falcon Player sequences, written from the description of the format (fpp/docs/FSEQ_Sequence_File_Format.txt):
# all channels of all frames on standard output, dark where a sparse file stores none. Faults of the file end it with a message.
import struct, subprocess, sys

data = open(sys.argv[1], "rb").read()
if data[:4] != b"PSEQ":
    sys.exit("no PSEQ")
offset, minor, major, header, stored, frames = struct.unpack_from("<HBBHII", data, 4)
if offset % 4 or not header < offset <= len(data):
    sys.exit("data offset %d, header %d" % (offset, header))
ranges, body = [(0, stored)], data[offset:]
if major == 2:
    packing, blocks, sparse = data[20] & 15, data[21] | (data[20] >> 4) << 8, data[22]
    if header != 32 + 8 * blocks + 6 * sparse:
        sys.exit("header length %d" % header)
    if sparse:
        three = lambda at: int.from_bytes(data[at : at + 3], "little")
        ranges = [(three(at), three(at + 3)) for at in range(32 + 8 * blocks, header, 6)]
    if packing == 1:
        at, parts, expected = 0, [], 0
        for block in range(blocks):
            first, length = struct.unpack_from("<II", data, 32 + 8 * block)
            if first * stored != sum(map(len, parts)):
                sys.exit("block %d begins at frame %d" % (block, first))
            parts.append(subprocess.run(["zstd", "-dcq"], input=body[at : at + length], stdout=subprocess.PIPE, check=True).stdout)
            at += length
        if at != len(body):
            sys.exit("%d bytes behind the blocks" % (len(body) - at))
        body = b"".join(parts)
    elif packing:
        sys.exit("packing %d" % packing)
if sum(count for _, count in ranges) != stored or len(body) != stored * frames:
    sys.exit("%d bytes of %d channels, %d frames" % (len(body), stored, frames))
total = max(first + count for first, count in ranges)
for frame in range(frames):
    all_channels, at = bytearray(total), frame * stored
    for first, count in ranges:
        all_channels[first : first + count] = body[at : at + count]
        at += count
    sys.stdout.buffer.write(all_channels)
