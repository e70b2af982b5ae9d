// SPDX-License-Identifier: Apache-2.0
#include "md-hold.h"

#include "md-hold-private.h"
#include "md-individual-number.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <string.h>

static const char *const labels[] = {
  [MD_HOLD_PROTECTED] = N_ ("Protected person"),
  [MD_HOLD_SAME_NAME] = N_ ("Same name and birthday as another resident"),
  [MD_HOLD_FACE] = N_ ("The photograph does not show this person"),
  [MD_HOLD_DECEASED] = N_ ("Registered as deceased"),
  [MD_HOLD_NUMBER_ANOTHER] = N_ ("The individual number is another person's"),
  [MD_HOLD_REVOCATION] = N_ ("The authority does not know the card's certificate"),
  [MD_HOLD_BEFORE] = N_ ("An earlier intake of this person was stopped"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (labels) == MD_N_HOLDS);

const char *
md_hold_kind_get_label (MdHoldKind kind)
{
  g_return_val_if_fail (kind < MD_N_HOLDS, NULL);
  return _ (labels[kind]);
}

MdHold *
md_hold_new (MdHoldKind kind)
{
  g_return_val_if_fail (kind < MD_N_HOLDS, NULL);
  MdHold *self = g_new0 (MdHold, 1);
  guint8 salt[MD_HOLD_SALT_SIZE];
  md_random_fill (salt, sizeof salt);
  g_autofree char *hex = md_hex_encode (salt, sizeof salt);
  self->kind = kind;
  g_strlcpy (self->salt, hex, sizeof self->salt);
  return self;
}

char *
md_hold_dup_raised (const MdHold *self, const char *intake)
{
  return md_hold_bind (MD_HOLD_TAG_RAISED, intake, md_hold_kind_to_id (self->kind), self->salt);
}

char *
md_hold_dup_reason (const MdHold *self, const char *intake)
{
  return md_hold_bind (MD_HOLD_TAG_REASON, intake, self->reason, self->salt);
}

gboolean
md_holds_have_kind (const GPtrArray *holds, MdHoldKind kind)
{
  for (guint i = 0; i < holds->len; i++)
    if (((const MdHold *)g_ptr_array_index (holds, i))->kind == kind)
      return TRUE;
  return FALSE;
}

MdHold *
md_holds_find (const GPtrArray *holds, guint number)
{
  for (guint i = 0; i < holds->len; i++)
    {
      MdHold *hold = g_ptr_array_index (holds, i);
      if (hold->number == number)
        return hold;
    }
  return NULL;
}

MdRecord *
_md_holds_to_json (const GPtrArray *holds)
{
  MdRecord *list = md_record_new_list ();
  for (guint i = 0; i < holds->len; i++)
    {
      const MdHold *hold = g_ptr_array_index (holds, i);
      MdRecord *object = md_record_new_object ();
      md_record_set_int (object, "hold", hold->number);
      md_record_set_text (object, "kind", md_hold_kind_to_id (hold->kind));
      md_record_set_text (object, "reason", hold->reason);
      md_record_set_text (object, "salt", hold->salt);
      md_record_append_take (list, object);
    }
  return list;
}

// A text that fits into SIZE bytes with its end.
static gboolean
take_text (const MdRecord *object, const char *name, char *place, gsize size)
{
  const char *text = md_record_get_text (object, name);
  return text != NULL && g_strlcpy (place, text, size) < size;
}

static gboolean
take_hold (MdHold *hold, const MdRecord *object)
{
  static const char *const members[] = { "hold", "kind", "reason", "salt", NULL };
  gint64 number = 0;
  if (!md_record_is_object (object) || !md_record_has_only (object, members)
      || !md_record_as_int (md_record_get (object, "hold"), &number) || number < 1
      || number > MD_HOLDS_MAX)
    return FALSE;
  hold->number = (guint)number;
  return md_hold_kind_from_id (md_record_get_text (object, "kind"), &hold->kind)
         && take_text (object, "reason", hold->reason, sizeof hold->reason)
         && take_text (object, "salt", hold->salt, sizeof hold->salt)
         && strspn (hold->salt, "0123456789abcdef") == 2 * MD_HOLD_SALT_SIZE;
}

static gboolean
take_holds (GPtrArray *holds, const MdRecord *root)
{
  const MdRecord *list = md_record_get (root, "holds");
  const gsize n = md_record_get_size (list);
  if (list == NULL)
    return TRUE;
  if (!md_record_is_list (list) || n < 1 || n > MD_HOLDS_MAX)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      MdHold *hold = g_new0 (MdHold, 1);
      g_ptr_array_add (holds, hold);
      if (!take_hold (hold, md_record_get_entry (list, i)))
        return FALSE;
      for (gsize k = 0; k < i; k++)
        if (((const MdHold *)g_ptr_array_index (holds, k))->number == hold->number)
          return FALSE;
    }
  return TRUE;
}

GPtrArray *
md_holds_decode (const guint8 *json, gsize length, GError **error)
{
  g_autoptr (MdRecord) root = md_record_parse (json, length, MD_IDENTITY_EVIDENCE_MAX, NULL);
  g_autoptr (GPtrArray) holds = g_ptr_array_new_with_free_func (g_free);
  if (root != NULL && take_holds (holds, root))
    return g_steal_pointer (&holds);
  g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED,
                       "the evidence of identification is damaged: holds");
  return NULL;
}
