// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <gio/gio.h>
#include <string.h>

#include "correction.h"
#include "reply.h"

/* The files that the opening desk takes in: replies to inquiries, and corrections. Taken whole or
 * not at all; within the bounds of their schemas; and what was taken is, written again, taken as
 * the same. */

static char *
write_list (const char *schema, const char *name, MdRecord *list)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (MdSecret) text = NULL;

  md_record_set_text (root, "schema", schema);
  md_record_take (root, name, list);
  text = md_record_write (root, FALSE);
  return g_strdup (md_secret_get_text (text));
}

static char *
write_replies (const GPtrArray *replies)
{
  MdRecord *list = md_record_new_list ();

  for (guint i = 0; i < replies->len; i++)
    {
      const Reply *reply = g_ptr_array_index (replies, i);

      g_assert_true (strlen (reply->inquiry) > 0 && strlen (reply->inquiry) <= 32);
      g_assert_true (reply->intake == NULL || case_is_name (reply->intake));
      g_assert_true (reply->result || *reply_get_item (reply->content, PERSON_NAME) != '\0');
      if (reply->intake != NULL)
        md_record_set_text (reply->content, "intake", reply->intake);
      md_record_append_take (list, md_record_ref (reply->content));
    }
  return write_list ("madoguchi-reply/1", "replies", list);
}

static char *
write_corrections (const GPtrArray *corrections)
{
  MdRecord *list = md_record_new_list ();

  for (guint i = 0; i < corrections->len; i++)
    {
      const Correction *correction = g_ptr_array_index (corrections, i);
      MdRecord *object = md_record_new_object ();

      g_assert_true (correction->value == NULL
                     || strlen (correction->value) <= MD_LIMIT_FIELD_TEXT);
      md_record_set_text (object, "field", correction->field);
      md_record_set_text (object, "value", correction->value);
      md_record_set_text (object, "why", correction->why);
      md_record_append_take (list, object);
    }
  return write_list ("madoguchi-correction/1", "corrections", list);
}

typedef GPtrArray *(*Parse) (const void *data, gsize size, GError **error);
typedef char *(*Write) (const GPtrArray *list);

static void
check (Parse parse, Write write, guint max, const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = parse (data, size, &error);
  g_autoptr (GPtrArray) twice = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  g_assert_true ((list == NULL) == (error != NULL));
  if (list == NULL)
    {
      g_assert_true (error->domain == G_IO_ERROR);
      return;
    }
  g_assert_true (list->len > 0 && list->len <= max);
  text = write (list);
  twice = parse (text, strlen (text), NULL);
  g_assert_nonnull (twice);
  again = write (twice);
  g_assert_cmpstr (again, ==, text);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  check (reply_parse, write_replies, REPLY_MAX, data, size);
  check (correction_parse, write_corrections, CORRECTION_MAX, data, size);
  return 0;
}
