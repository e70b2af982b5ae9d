// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: the two decoders behind md_picture_decode().
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-picture-private.h is private to src/identity"
#endif

#include "md-picture.h"

G_BEGIN_DECLS

// Takes PIXELS over, which has WIDTH * HEIGHT bytes. (transfer full)
MdPicture *_md_picture_new (guint width, guint height, MdSecret *pixels);

// Whether a picture of that size is taken at all.
gboolean _md_picture_size_is_fine (guint64 width, guint64 height);

// Sets MD_IDENTITY_ERROR_PICTURE; always FALSE.
gboolean _md_picture_refuse (GError **error, const char *what);

MdPicture *_md_picture_decode_png (const guint8 *data, gsize size, GError **error);
MdPicture *_md_picture_decode_jp2 (const guint8 *data, gsize size, GError **error);

// What a JP2 file says about itself, and that it stays within what cards have; nothing is decoded.
typedef struct
{
  guint width;
  guint height;
  guint components;     // 1 or 3
  const guint8 *stream; // the codestream within the file
  gsize stream_size;
} MdJp2Head;
gboolean _md_jp2_check (const guint8 *data, gsize size, MdJp2Head *out_head, GError **error);

G_END_DECLS
