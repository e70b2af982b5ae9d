// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib-object.h>
#include <md-base.h>

G_BEGIN_DECLS

// The pictures of the card's face as pixels. A card may be forged, so what it gives is hostile
// until shown otherwise: only what cards have is taken (grey JPEG 2000 in a JP2 file, PNG of up to
// eight bits), within limits that are checked before a decoder sees a byte, on the caller's thread
// alone.

// Pixels on one side, and in all.
#define MD_PICTURE_SIDE_MAX 1024u
#define MD_PICTURE_PIXELS_MAX (512u * 1024u)

#define MD_TYPE_PICTURE (md_picture_get_type ())

// Immutable and counted; its pixels are wiped when it goes.
typedef struct _MdPicture MdPicture;

GType md_picture_get_type (void);
MdPicture *md_picture_ref (MdPicture *self);
void md_picture_unref (MdPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPicture, md_picture_unref)

// PNG or JPEG 2000, told apart by their first bytes. MD_IDENTITY_ERROR_PICTURE. (transfer full)
MdPicture *md_picture_decode (const guint8 *data, gsize size,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

guint md_picture_get_width (const MdPicture *self);
guint md_picture_get_height (const MdPicture *self);

// One byte a pixel, row after row without gaps: 0 is black (transfer none).
MdSecret *md_picture_get_pixels (const MdPicture *self);

G_END_DECLS
