// SPDX-License-Identifier: Apache-2.0
// Values that nobody may see for a while lie in the pages of a secret, and nowhere else.
#include "config.h"

#include <string.h>

#include <md-base.h>

#include "md-form-data-private.h"

#define N_SLOTS 5

static void
find_slots (MdEntry *entry, char **slots[static N_SLOTS])
{
  slots[0] = &entry->text;
  slots[1] = &entry->value;
  slots[2] = &entry->card_value;
  slots[3] = &entry->reason;
  slots[4] = &entry->earlier;
}

/* Each text with its end, one that is not there as a zero alone before it. */
static gsize
measure (MdFormData *self)
{
  gsize size = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      char **slots[N_SLOTS];

      find_slots (g_ptr_array_index (self->entries, i), slots);
      for (guint k = 0; k < N_SLOTS; k++)
        size += *slots[k] ? strlen (*slots[k]) + 2 : 1;
    }
  return size;
}

static void
put_away (MdSecret *secret, char **slot)
{
  gboolean there = *slot != NULL;
  gboolean fits = md_secret_append (secret, there ? "+" : "-", 1)
                  && (!there || md_secret_append (secret, *slot, strlen (*slot) + 1));

  g_assert (fits); /* it was measured */
  _md_entry_replace (slot, NULL);
}

gboolean
md_form_data_park (MdFormData *self)
{
  gsize size;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && self->covered, FALSE);

  size = measure (self);
  if (self->parked || size > MD_LIMIT_SECRET)
    return self->parked != NULL;
  self->parked = md_secret_new (size);
  for (guint i = 0; i < self->entries->len; i++)
    {
      char **slots[N_SLOTS];

      find_slots (g_ptr_array_index (self->entries, i), slots);
      for (guint k = 0; k < N_SLOTS; k++)
        put_away (self->parked, slots[k]);
      /* What says nothing of the person is covered by no screen, and lies in its line. */
      g_object_notify (g_ptr_array_index (self->entries, i), "text");
    }
  return TRUE;
}

void
md_form_data_unpark (MdFormData *self)
{
  g_autoptr (MdSecret) parked = NULL;
  const char *at;

  g_return_if_fail (MD_IS_FORM_DATA (self));

  parked = g_steal_pointer (&self->parked);
  if (!parked)
    return;
  at = md_secret_get_text (parked);
  for (guint i = 0; i < self->entries->len; i++)
    {
      char **slots[N_SLOTS];

      find_slots (g_ptr_array_index (self->entries, i), slots);
      for (guint k = 0; k < N_SLOTS; k++)
        if (*at++ == '+')
          {
            _md_entry_replace (slots[k], g_strdup (at));
            at += strlen (at) + 1;
          }
      g_object_notify (g_ptr_array_index (self->entries, i), "text");
    }
  _md_form_data_update (self, NULL);
}
