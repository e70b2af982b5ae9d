// SPDX-License-Identifier: Apache-2.0
#include "md-picture-private.h"

#include "md-individual-number.h"

#include <string.h>

struct _MdPicture
{
  gatomicrefcount count;
  guint width;
  guint height;
  MdSecret *pixels;
};

G_DEFINE_BOXED_TYPE (MdPicture, md_picture, md_picture_ref, md_picture_unref)

MdPicture *
md_picture_ref (MdPicture *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_picture_unref (MdPicture *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_secret_unref (self->pixels);
  g_free (self);
}

MdPicture *
_md_picture_new (guint width, guint height, MdSecret *pixels)
{
  MdPicture *self = g_new0 (MdPicture, 1);
  g_atomic_ref_count_init (&self->count);
  self->width = width;
  self->height = height;
  self->pixels = pixels;
  return self;
}

gboolean
_md_picture_size_is_fine (guint64 width, guint64 height)
{
  return width > 0 && height > 0 && width <= MD_PICTURE_SIDE_MAX && height <= MD_PICTURE_SIDE_MAX
         && width * height <= MD_PICTURE_PIXELS_MAX;
}

gboolean
_md_picture_refuse (GError **error, const char *what)
{
  g_set_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_PICTURE,
               "the picture on the card cannot be shown: %s", what);
  return FALSE;
}

guint
md_picture_get_width (const MdPicture *self)
{
  return self->width;
}

guint
md_picture_get_height (const MdPicture *self)
{
  return self->height;
}

MdSecret *
md_picture_get_pixels (const MdPicture *self)
{
  return self->pixels;
}

MdPicture *
md_picture_decode (const guint8 *data, gsize size, GError **error)
{
  static const guint8 png[] = { 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a };
  static const guint8 jp2[] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ', 0x0d, 0x0a, 0x87, 0x0a };
  if (size >= sizeof png && memcmp (data, png, sizeof png) == 0)
    return _md_picture_decode_png (data + sizeof png, size - sizeof png, error);
  if (size >= sizeof jp2 && memcmp (data, jp2, sizeof jp2) == 0)
    return _md_picture_decode_jp2 (data, size, error);
  _md_picture_refuse (error, "neither PNG nor JPEG 2000");
  return NULL;
}
