/* assets.h -- private to box/: where a picture may be read from. */
#ifndef RENDER_BOX_ASSETS_H
#define RENDER_BOX_ASSETS_H

#include "box/box.h"

/* The path of a picture that a layout file names. Has the data a part in the name, only pictures below the layout's folder
 * or one of context->asset_paths are found, whatever links and "../" it goes through; NULL after `image-outside` then. */
const char *assets_find(BoxContext *context, const char *layout, const FilledText *name);

#endif
