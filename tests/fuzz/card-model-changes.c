// SPDX-License-Identifier: Apache-2.0
#include "card-model-private.h"

#include <string.h>

enum
{
  CHANGE_FILE,
  CHANGE_CUT,
  CHANGE_PATCH,
  CHANGE_TRIES,
  CHANGE_PIN,
  CHANGE_QUIRKS,
  CHANGE_MISHAP,
  CHANGE_PAD,
  N_CHANGES,
};

static void
add_mishap (FuzzModel *self, MdReader *input)
{
  const guint at = md_reader_u8 (input);
  const guint kind = md_reader_u8 (input) % N_MISHAPS;
  const guint16 value = md_reader_u16be (input);

  if (self->n_mishaps < MAX_MISHAPS)
    self->mishaps[self->n_mishaps++] = (Mishap){ at, (MishapKind)kind, value };
}

static void
change_pin (FuzzModel *self, guint change, MdReader *input)
{
  Pin *pin = &self->pins[md_reader_u8 (input) % N_PINS];

  if (change == CHANGE_PIN)
    pin->other = TRUE;
  else
    pin->tries = md_reader_u8 (input) % 16;
}

static gsize
read_list (MdReader *input, guint8 *list)
{
  const gsize wanted = md_reader_u8 (input);
  const gsize size = MIN (MIN (wanted, MAX_FEATURES), md_reader_remaining (input));
  const guint8 *bytes = md_reader_bytes (input, size);

  if (bytes == NULL)
    return 0;
  memcpy (list, bytes, size);
  return size;
}

static void
change_pad (FuzzModel *self, MdReader *input)
{
  guint8 bits;

  self->pad_word = md_reader_u16be (input);
  bits = md_reader_u8 (input);
  if ((bits & 1) != 0)
    self->features_size = read_list (input, self->features);
  if ((bits & 2) != 0)
    self->properties_size = read_list (input, self->properties);
}

static void
change (FuzzModel *self, MdReader *input)
{
  const guint kind = md_reader_u8 (input) % N_CHANGES;

  if (kind != CHANGE_QUIRKS)
    self->sound = FALSE;
  if (kind == CHANGE_FILE)
    model_files_replace (self->files, input);
  else if (kind == CHANGE_CUT)
    model_files_cut (self->files, input);
  else if (kind == CHANGE_PATCH)
    model_files_patch (self->files, input);
  else if (kind == CHANGE_TRIES || kind == CHANGE_PIN)
    change_pin (self, kind, input);
  else if (kind == CHANGE_QUIRKS)
    self->quirks = md_reader_u16be (input);
  else if (kind == CHANGE_MISHAP)
    add_mishap (self, input);
  else
    change_pad (self, input);
}

FuzzModel *
fuzz_model_new (const char *const *typed, gboolean staff, MdReader *input)
{
  /* All three requests, and a keypad of four to eight digits that passes extended commands. */
  static const guint8 features[] = { 0x06, 0x04, 0x42, 0x33, 0x00, 0x06, 0x07, 0x04, 0x42,
                                     0x33, 0x00, 0x07, 0x12, 0x04, 0x42, 0x33, 0x00, 0x12 };
  static const guint8 properties[] = { 0x02, 0x01, 0x02, 0x06, 0x01, 0x04, 0x07, 0x01,
                                       0x08, 0x0a, 0x04, 0x00, 0x00, 0x01, 0x00 };
  FuzzModel *self = g_new0 (FuzzModel, 1);

  self->typed = typed;
  self->files = model_files_new ();
  self->rest = g_byte_array_new ();
  self->honest = TRUE;
  self->sound = TRUE;
  memcpy (self->features, features, sizeof features);
  self->features_size = sizeof features;
  memcpy (self->properties, properties, sizeof properties);
  self->properties_size = sizeof properties;
  for (guint i = 0; i < N_PINS; i++)
    self->pins[i].tries = fuzz_model_pins[i].maximum;
  while (md_reader_remaining (input) > 0)
    change (self, input);
  self->staff = staff != ((self->quirks & MODEL_QUIRK_OTHER_CARD) != 0);
  fuzz_model_power (self);
  return self;
}
