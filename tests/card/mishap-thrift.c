// SPDX-License-Identifier: Apache-2.0
#include "mishap-thrift.h"

#include "mishap-steps.h"

#include <string.h>

// The files that a row needs, in the order of their names. A PIN that is remembered is remembered
// of a card, which the beginning of its certificate for authentication (j000A) tells; the
// certificate's issuer, the token and the flags are nobody's business here.
static const struct
{
  const char *opening;
  const char *files;
} needs[] = {
  { "attributes", "j000A t0002 t0003 t0004" },
  { "attributes-b", "j000A t0002 t0003 t0004" },
  { "attributes-odd", "j000A t0002 t0003 t0004" },
  { "number", "j000A t0001 t0003 t0004" },
  { "number-a", "j000A t0001 t0003 t0004" },
  { "photo", "j000A v0002 v0004" },
  { "photo-a", "j000A v0002 v0004" },
  { "photo-long", "j000A v0002 v0004" },
  { "authentication", "j000A" },
  { "authentication-long", "j000A" },
  { "authentication-p384", "j000A" },
  { "signature", "j0001 j000A" },
  { "identify", "j000A t0001 t0002 t0003 t0004" },
  { "identify-text", "j000A t0001 t0002 t0003 t0004" },
  { "identify-pad", "j000A t0001 t0002 t0003 t0004" },
  { "identify-pad-text", "j000A t0001 t0002 t0003 t0004" },
  { "identify-p384", "j000A t0001 t0002 t0003 t0004" },
  { "identify-sign", "j0001 j000A t0001 t0002 t0003 t0004" },
  { "identify-sign-p384", "j0001 j000A t0001 t0002 t0003 t0004" },
  { "look", "j000A t0001 t0002 t0003 t0004 v0002 v0004" },
  { "look-back", "j000A t0001 t0003 t0004 v0002 v0004" },
  { "look-front", "j000A t0002 t0003 t0004 v0002 v0004" },
};

static const char *
needs_of (const Row *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (needs); i++)
    if (g_str_equal (needs[i].opening, row->opening->name))
      return needs[i].files;
  g_error ("nobody said what %s needs", row->opening->name);
}

static const Step *
step_at (GPtrArray *steps, guint index)
{
  return g_ptr_array_index (steps, index);
}

static gboolean
is_select (const Step *step)
{
  return step->verb == STEP_SELECT_CARD || step->verb == STEP_SELECT_APPLICATION
         || step->verb == STEP_SELECT_FILE;
}

static gboolean
is_of_file (const Step *step, const Step *other)
{
  return step->verb == other->verb && step->application == other->application
         && step->ef == other->ef;
}

// Of the bytes of step INDEX, a READ, some came before.
static gboolean
is_read_again (GPtrArray *steps, guint index)
{
  const Step *step = step_at (steps, index);
  const gsize end = step->offset + g_bytes_get_size (step->data);
  for (guint i = 0; i < index; i++)
    {
      const Step *other = step_at (steps, i);
      if (is_of_file (step, other) && other->offset < end
          && step->offset < other->offset + g_bytes_get_size (other->data))
        return TRUE;
    }
  return FALSE;
}

// The first piece of a file is read before anybody can know how long it is.
static gboolean
is_beyond (const Row *row, guint index)
{
  const Step *step = step_at (row->steps, index);
  return step->offset > 0
         && step->offset + g_bytes_get_size (step->data) > mishap_steps_needed (row, index);
}

// The tries of a PIN, or the PIN itself. What a keypad says of it is not believed: the card is
// asked.
static gboolean
is_asked_again (GPtrArray *steps, guint index)
{
  const Step *step = step_at (steps, index);
  if (step->verb == STEP_ASK_TRIES && step_at (steps, index - 1)->verb == STEP_ENTER)
    return FALSE;
  for (guint i = 0; i < index; i++)
    if (is_of_file (step, step_at (steps, i)))
      return TRUE;
  return FALSE;
}

// It stands where it is sent to, or is sent away before it did anything there.
static gboolean
is_idle_select (GPtrArray *steps, guint index)
{
  const Step *step = step_at (steps, index);
  const Step *next = index + 1 < steps->len ? step_at (steps, index + 1) : NULL;
  if (step->verb == STEP_SELECT_APPLICATION)
    return next == NULL || next->verb != STEP_SELECT_FILE
           || step_at (steps, index - 1)->application == step->application;
  if (step->verb == STEP_SELECT_FILE)
    return next == NULL || is_select (next)
           || (step_at (steps, index - 1)->application == step->application
               && step_at (steps, index - 1)->ef == step->ef);
  return FALSE;
}

// Where a row needs no more of a file than tells which card this is.
static gboolean
is_needless_rest (const Row *row, const Step *step)
{
  const Opening *opening = row->opening;
  const gboolean uses = opening->drive == DRIVE_FLOW ? opening->flow == MD_CARD_FLOW_AUTHENTICATE
                                                     : opening->drive != DRIVE_SIGN;
  return !uses && step->application == 'j' && step->ef == 0x000a && step->offset > 0;
}

static const char *
waste_of (const Row *row, guint index)
{
  const Step *step = step_at (row->steps, index);
  if (is_idle_select (row->steps, index))
    return "selects for nothing";
  if (step->verb == STEP_READ && is_read_again (row->steps, index))
    return "reads again";
  if (step->verb == STEP_READ && is_beyond (row, index))
    return "reads more than there is";
  if (step->verb == STEP_READ && is_needless_rest (row, step))
    return "reads what nobody needs";
  if ((step->verb == STEP_ASK_TRIES || mishap_step_presents (step))
      && is_asked_again (row->steps, index))
    return "asks again";
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

// "j000A t0001": the files that were read, each once.
static char *
list_files (GPtrArray *steps)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = step_at (steps, i);
      if (step->verb == STEP_READ && step->offset == 0)
        g_ptr_array_add (names, g_strdup_printf ("%c%04X", step->application, step->ef));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **)names->pdata);
}

char *
mishap_thrift_find_waste (const Row *row, GPtrArray *steps)
{
  Row went = *row;
  went.steps = steps;
  for (guint i = 0; i < steps->len; i++)
    {
      const char *waste = waste_of (&went, i);
      if (waste == NULL)
        continue;
      g_autofree char *name = mishap_step_name (step_at (steps, i));
      return g_strdup_printf ("%s at %02u-%s", waste, i, name);
    }
  g_autofree char *files = list_files (steps);
  if ((row->clean != NULL || row->proof != NULL) && !g_str_equal (files, needs_of (row)))
    return g_strdup_printf ("reads %s instead of %s", files, needs_of (row));
  return NULL;
}
