/* limits.h -- every bound on what a hostile or mistaken input may cost, in one place. */
#ifndef RENDER_BASE_LIMITS_H
#define RENDER_BASE_LIMITS_H

#define LIMIT_LAYOUT_BYTES ((size_t)16 << 20)     /* a layout file, a style sheet, the catalogue */
#define LIMIT_TABLE_BYTES ((size_t)2 << 30)       /* a data table */
#define LIMIT_WORKBOOK_PARTS 10000                /* files in an XLSX */
#define LIMIT_WORKBOOK_PART_BYTES ((size_t)1 << 30)     /* one of them, unpacked */
#define LIMIT_WORKBOOK_RATIO 400                  /* how much smaller than its content one may be packed, from 16 MB on */
#define LIMIT_MERGED_CELLS ((size_t)20000000)     /* cells that merged ranges of a sheet cover */
#define LIMIT_FONT_BYTES ((size_t)256 << 20)
#define LIMIT_IMAGE_BYTES ((size_t)64 << 20)      /* an encoded image file */
#define LIMIT_IMAGE_PIXELS ((size_t)100000000)    /* a decoded image */
#define LIMIT_YAML_DEPTH 64
#define LIMIT_YAML_NODES ((size_t)1000000)        /* after aliases are expanded */
#define LIMIT_ALIAS_NODES ((size_t)100000)        /* nodes that aliases may add */
#define LIMIT_EXTENDS_DEPTH 8
#define LIMIT_PART_DEPTH 16
#define LIMIT_BOXES ((size_t)100000)              /* boxes of a layout, and so its pages; boxes on one page */
#define LIMIT_UNIT_BYTES ((size_t)4 << 30)        /* memory for one row, sheet or frame while it is made */
#define LIMIT_TEXT_CHARS ((size_t)100000)         /* characters in one text */
#define LIMIT_COLUMNS 1000
#define LIMIT_FIELD_BYTES ((size_t)1 << 20)       /* one field of a table */
#define LIMIT_COPIES 1000000                      /* of one row */
#define LIMIT_PIECES ((size_t)20000000)           /* rows of a run, their copies counted */
#define LIMIT_PAGE_MM 10000                       /* longest side of a page or sheet */
#define LIMIT_PICTURE_PX 32768                    /* longest side of a picture */
#define LIMIT_PICTURE_PIXELS ((size_t)400000000)
#define LIMIT_SCREEN_PX 16384                     /* longest side of an LED screen */
#define LIMIT_PANELS 4096                         /* entries of a screen's map */
#define LIMIT_CHANNELS 16777215                   /* of a controller: FSEQ counts them in three bytes */
#define LIMIT_STRIP_PX 1000000                    /* longest marquee */
#define LIMIT_FRAMES ((size_t)100000)
#define LIMIT_LOOKS 512                           /* ways an LED item may look, by colours that cycle */
#define LIMIT_LOOK_BYTES ((size_t)512 << 20)      /* of all looks of an item */
#define LIMIT_AREAS 64                            /* on one screen */
#define LIMIT_AREA_LOOP_SECONDS 600               /* until all areas of a screen are back at their first frames */
#define LIMIT_FPS 240
#define LIMIT_DIAGS ((size_t)1000)                /* messages kept of one run */
#define LIMIT_JOBS 256
#define LIMIT_SHARDS 100000                       /* parts of a job for several machines */

#endif
