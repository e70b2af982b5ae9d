// SPDX-License-Identifier: Apache-2.0
#include "mishap-steps.h"

#include <string.h>

guint16
mishap_word_of (GBytes *answer)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (answer, &size);
  return size < 2 ? 0 : (guint16)((guint)data[size - 2] << 8 | data[size - 1]);
}

static void
step_free (gpointer data)
{
  Step *step = data;
  g_bytes_unref (step->data);
  g_free (step);
}

GPtrArray *
mishap_steps_new (void)
{
  return g_ptr_array_new_with_free_func (step_free);
}

static char
application_of (const guint8 *aid, gsize size)
{
  static const struct
  {
    guint8 first[3];
    guint8 last;
    char letter;
  } known[] = {
    { { 0xd3, 0x92, 0xf0 }, 0x01, 'j' },
    { { 0xd3, 0x92, 0x10 }, 0x08, 't' },
    { { 0xd3, 0x92, 0x10 }, 0x02, 'v' },
    { { 0xd3, 0x92, 0x10 }, 0x00, 'c' },
  };
  for (gsize i = 0; size > 3 && i < G_N_ELEMENTS (known); i++)
    if (memcmp (aid, known[i].first, 3) == 0 && aid[size - 1] == known[i].last)
      return known[i].letter;
  return '-';
}

static void
understand_select (Step *step, const guint8 *command, gsize size)
{
  if (size < 6)
    step->verb = STEP_WAKE;
  else if (command[2] == 0x02)
    {
      step->verb = STEP_SELECT_FILE;
      step->ef = (guint16)((guint)command[5] << 8 | command[6]);
    }
  else
    {
      step->verb = step->application == '-' ? STEP_SELECT_CARD : STEP_SELECT_APPLICATION;
      step->application = application_of (command + 5, command[4]);
      step->ef = 0;
    }
}

static void
understand_read (Step *step, const guint8 *command, gsize size)
{
  step->verb = STEP_READ;
  step->offset = (gsize)command[2] << 8 | command[3];
  if (size == 5)
    step->expected = command[4] == 0 ? 256 : command[4];
  else if (size == 7)
    step->expected = (gsize)command[5] << 8 | command[6];
}

void
mishap_step_follow (Step *step, const guint8 *command, gsize size, gboolean keyed)
{
  g_assert_cmpuint (size, >=, 4);
  step->expected = 0;
  step->offset = 0;
  if (command[1] == 0xa4)
    understand_select (step, command, size);
  else if (command[1] == 0xb0)
    understand_read (step, command, size);
  else if (command[1] == 0x20)
    step->verb = size <= 5 ? STEP_ASK_TRIES : keyed ? STEP_ENTER : STEP_PRESENT;
  else if (command[1] == 0x2a)
    {
      step->verb = STEP_SIGN;
      step->expected = 256;
    }
  else
    step->verb = STEP_OTHER;
}

void
mishap_steps_add (GPtrArray *steps, const Step *command, GBytes *answer)
{
  Step *step = g_memdup2 (command, sizeof *command);
  if (step->verb == STEP_OTHER)
    g_error ("a command that the matrix does not know");
  step->word = mishap_word_of (answer);
  step->data = g_bytes_new_from_bytes (answer, 0, g_bytes_get_size (answer) - 2);
  g_ptr_array_add (steps, step);
}

static const char *
application_name (char letter)
{
  return letter == 'j'   ? "jpki"
         : letter == 't' ? "text"
         : letter == 'v' ? "visual"
         : letter == 'c' ? "common"
                         : "none";
}

char *
mishap_step_name (const Step *step)
{
  static const char *const names[] = { "wake",  "select",  "select", "select", "read",
                                       "tries", "present", "enter",  "sign",   "other" };
  const char *where = application_name (step->application);
  const char *verb = names[step->verb];
  if (step->verb == STEP_WAKE)
    return g_strdup (verb);
  if (step->verb == STEP_SELECT_CARD || step->verb == STEP_SELECT_APPLICATION)
    return g_strdup_printf ("%s-%s", verb, where);
  if (step->verb == STEP_READ)
    return g_strdup_printf ("%s-%s-%04x-%04x", verb, where, step->ef, (guint)step->offset);
  return g_strdup_printf ("%s-%s-%04x", verb, where, step->ef);
}

gboolean
mishap_step_presents (const Step *step)
{
  return step->verb == STEP_PRESENT || step->verb == STEP_ENTER;
}

gboolean
mishap_step_is_recognition (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  const Step *next = index + 1 < row->steps->len ? g_ptr_array_index (row->steps, index + 1) : NULL;
  const Opening *opening = row->opening;
  gboolean itself = opening->drive == DRIVE_PAD
                    || (opening->drive == DRIVE_FLOW && opening->flow == MD_CARD_FLOW_AUTHENTICATE);
  if (itself || !mishap_step_is_certificate (step) || step->ef != 0x000a)
    return FALSE;
  return step->verb == STEP_READ ? step->offset == 0 : next != NULL && next->offset == 0;
}

gboolean
mishap_step_is_record (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  return step->application == 't' && step->ef == 0x0003;
}

gboolean
mishap_step_is_certificate (const Step *step)
{
  return step->application == 'j' && (step->ef == 0x000a || step->ef == 0x0001);
}

// --- TLV, as far as lengths go ---

// Everything that was read of the file of step INDEX.
static GByteArray *
file_of (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  GByteArray *file = g_byte_array_new ();
  for (guint i = 0; i < row->steps->len; i++)
    {
      const Step *other = g_ptr_array_index (row->steps, i);
      if (other->verb != STEP_READ || other->application != step->application
          || other->ef != step->ef || other->offset != file->len)
        continue;
      g_byte_array_append (file, g_bytes_get_data (other->data, NULL),
                           (guint)g_bytes_get_size (other->data));
    }
  return file;
}

typedef struct
{
  guint tag;
  gsize length_at; // where the length begins
  gsize value_at;
  gsize end;
} Element;

static gboolean
next_element (const GByteArray *file, gsize at, gsize end, Element *out)
{
  gsize i = at;
  out->tag = 0;
  if (at + 2 > end)
    return FALSE;
  out->tag = file->data[i++];
  if ((out->tag & 0x1f) == 0x1f)
    out->tag = out->tag << 8 | file->data[i++];
  out->length_at = i;
  if (i >= end)
    return FALSE;
  gsize size = file->data[i++];
  if (size > 0x80 && size <= 0x82)
    for (gsize more = size - 0x80, value = 0; more > 0 && i < end; more--)
      size = value = value << 8 | file->data[i++];
  out->value_at = i;
  out->end = i + size;
  return TRUE;
}

// Which elements have others inside that the reader must understand; with how many bytes before
// them.
static gboolean
has_children (guint tag, guint depth, gsize *out_skip)
{
  *out_skip = tag == 0x5f4e ? 32 : 0;
  return tag == 0xff20 || tag == 0xff30 || tag == 0x7f21 || tag == 0x5f4e
         || (tag == 0x30 && depth == 0);
}

static void
collect (const GByteArray *file, gsize at, gsize end, guint depth, GArray *positions)
{
  Element element;
  gsize skip = 0;
  while (next_element (file, at, end, &element))
    {
      for (gsize i = element.length_at; i < element.value_at; i++)
        g_array_append_val (positions, i);
      if (has_children (element.tag, depth, &skip))
        collect (file, element.value_at + skip, MIN (element.end, end), depth + 1, positions);
      if (element.tag == 0xdf21) // a table of places in the file
        for (gsize i = element.value_at; i < MIN (element.end, end); i++)
          g_array_append_val (positions, i);
      at = element.end;
    }
}

// Where the outer element begins: some cards have something before it.
static gsize
outer_start (const Step *step, const GByteArray *file)
{
  gsize at = 0;
  if (step->application == 't' && step->ef == 0x0002)
    while (at + 2 < file->len && (file->data[at] != 0xff || file->data[at + 1] != 0x20))
      at++;
  return at;
}

gsize
mishap_steps_needed (const Row *row, guint index)
{
  g_autoptr (GByteArray) file = file_of (row, index);
  Element element;
  gsize start = outer_start (g_ptr_array_index (row->steps, index), file);
  return next_element (file, start, file->len, &element) ? MIN (element.end, file->len) : 0;
}

GArray *
mishap_steps_lengths (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  g_autoptr (GByteArray) file = file_of (row, index);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gsize));
  GArray *here = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize start = outer_start (step, file);
  collect (file, start, mishap_steps_needed (row, index), 0, all);
  for (guint i = 0; i < all->len; i++)
    {
      gsize position = g_array_index (all, gsize, i);
      if (position < step->offset || position >= step->offset + g_bytes_get_size (step->data))
        continue;
      position -= step->offset;
      g_array_append_val (here, position);
    }
  return here;
}
