// SPDX-License-Identifier: Apache-2.0
#include "mynumber-fixture.h"

#include <string.h>

void
mynumber_set_up (MyNumberFixture *f, const char *transcript)
{
  g_autoptr (GError) error = NULL;
  f->backend = script_backend_new (OPENING);
  script_backend_add (f->backend, transcript);
  g_autoptr (MdCardConnection) connection = script_backend_open (f->backend);
  f->card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
}

void
mynumber_tear_down (MyNumberFixture *f)
{
  g_clear_object (&f->card);
  script_backend_assert_done (f->backend);
  g_clear_object (&f->backend);
}

MdSecret *
mynumber_secret (const char *text)
{
  return md_secret_new_from_text (text);
}

static void
write_header (guint8 *at, guint8 tag, gsize size)
{
  at[0] = tag;
  at[1] = 0x82;
  at[2] = (guint8)(size >> 8);
  at[3] = (guint8)(size & 0xff);
}

void
mynumber_make_certificate (guint8 *der, gsize length)
{
  static const guint8 end[] = { 0x30, 0x00, 0x03, 0x01, 0x00 };
  g_assert_cmpuint (length, >=, 280);
  for (gsize i = 0; i < length; i++)
    der[i] = (guint8)(i * 7);
  write_header (der, 0x30, length - 4);
  write_header (der + 4, 0x30, length - 8 - sizeof end);
  memcpy (der + length - sizeof end, end, sizeof end);
}
