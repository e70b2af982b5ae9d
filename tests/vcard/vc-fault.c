// SPDX-License-Identifier: Apache-2.0
#include "vc-fault.h"

#include <string.h>

#define TOO_MANY 300

typedef enum
{
  VALUE_NONE,
  VALUE_DECIMAL,
  VALUE_HEX,
} ValueForm;

static const struct
{
  const char *name;
  VcFaultKind kind;
  ValueForm value;
} kinds[] = {
  { "remove", VC_FAULT_REMOVE, VALUE_NONE },
  { "remove-after", VC_FAULT_REMOVE_AFTER, VALUE_NONE },
  { "mute", VC_FAULT_MUTE, VALUE_NONE },
  { "delay", VC_FAULT_DELAY, VALUE_DECIMAL },
  { "sw", VC_FAULT_SW, VALUE_HEX },
  { "garbage", VC_FAULT_GARBAGE, VALUE_NONE },
  { "short", VC_FAULT_SHORT, VALUE_NONE },
  { "long", VC_FAULT_LONG, VALUE_NONE },
  { "one-byte", VC_FAULT_ONE_BYTE, VALUE_NONE },
  { "reset", VC_FAULT_RESET, VALUE_NONE },
  { "swap", VC_FAULT_SWAP, VALUE_NONE },
};

static gboolean
parse_number (const char *word, guint base, guint max, guint *out)
{
  guint64 value;

  if (!word || !g_ascii_string_to_unsigned (word, base, 0, max, &value, NULL))
    return FALSE;
  *out = (guint)value;
  return TRUE;
}

/* The words behind KIND and VALUE. */
static gboolean
parse_when (char **words, VcFault *fault)
{
  guint ins;

  if (words[0] && strcmp (words[0], "ins") == 0)
    {
      if (!parse_number (words[1], 16, 0xFF, &ins))
        return FALSE;
      fault->ins = (gint)ins;
      words += 2;
    }
  if (words[0] && strcmp (words[0], "every") == 0 && !words[1])
    return fault->every = TRUE;
  return words[0] && strcmp (words[0], "at") == 0
         && parse_number (words[1], 10, G_MAXUINT16, &fault->at) && fault->at > 0 && !words[2];
}

static gboolean
parse_words (char **words, VcFault *fault)
{
  for (gsize i = 0; words[0] && i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i].name, words[0]) != 0)
        continue;
      fault->kind = kinds[i].kind;
      if (kinds[i].value == VALUE_NONE)
        return parse_when (words + 1, fault);
      return parse_number (words[1], kinds[i].value == VALUE_HEX ? 16 : 10, G_MAXUINT16,
                           &fault->value)
             && parse_when (words + 2, fault);
    }
  return FALSE;
}

gboolean
vc_fault_parse (const char *text, VcFault *out_fault, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  VcFault fault = { .ins = -1 };

  if (!parse_words (words, &fault))
    {
      g_set_error (error, VC_ERROR, VC_ERROR_SYNTAX,
                   "\"%s\" is not KIND [VALUE] [ins XX] at N|every", text);
      return FALSE;
    }
  *out_fault = fault;
  return TRUE;
}

VcFault
vc_faults_next (GArray *faults, guint8 ins)
{
  VcFault due = { .kind = VC_FAULT_NONE };

  for (guint i = 0; i < faults->len; i++)
    {
      VcFault *fault = &g_array_index (faults, VcFault, i);

      if (fault->ins >= 0 && fault->ins != ins)
        continue;
      if (fault->at > 0)
        fault->at--;
      if (due.kind == VC_FAULT_NONE && fault->at == 0)
        due = *fault;
    }
  for (guint i = faults->len; i-- > 0;)
    {
      const VcFault *fault = &g_array_index (faults, VcFault, i);

      if (fault->at == 0 && !fault->every)
        g_array_remove_index (faults, i);
    }
  return due;
}

/* Noise that is the same in every run. */
static void
scramble (guint8 *data, gsize size)
{
  guint32 noise = 0x2545F491;

  for (gsize i = 0; i < size; i++)
    {
      noise = noise * 1664525u + 1013904223u;
      data[i] ^= (guint8)(noise >> 24);
    }
}

GBytes *
vc_fault_spoil (const VcFault *fault, GBytes *answer)
{
  static const guint8 filler[TOO_MANY] = { 0 };
  gsize size;
  const guint8 *bytes = g_bytes_get_data (answer, &size);
  gsize data_size = size - 2;
  g_autoptr (GByteArray) result = g_byte_array_new ();
  guint8 sw[2] = { (guint8)(fault->value >> 8), (guint8)(fault->value & 0xFF) };

  if (fault->kind == VC_FAULT_SW)
    return g_bytes_new (sw, sizeof sw);
  if (fault->kind == VC_FAULT_ONE_BYTE)
    return g_bytes_new (bytes, 1);
  if (fault->kind == VC_FAULT_SHORT)
    data_size /= 2;
  g_byte_array_append (result, bytes, (guint)data_size);
  if (fault->kind == VC_FAULT_GARBAGE)
    scramble (result->data, data_size);
  if (fault->kind == VC_FAULT_LONG)
    g_byte_array_append (result, filler, sizeof filler);
  g_byte_array_append (result, bytes + size - 2, 2);
  return g_byte_array_free_to_bytes (g_steal_pointer (&result));
}
