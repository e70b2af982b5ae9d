// SPDX-License-Identifier: Apache-2.0
#include "md-record.h"

#include <jansson.h>
#include <string.h>

G_DEFINE_QUARK (md_record_error, md_record_error)

/* json-glib has a function of this name too, and the linker gives whichever library it meets first:
 * members are asked for by name, never walked through. */
#pragma GCC poison json_object_iter_next

/* --- jansson's memory --- */

/* In front of each block lies the secret it is in; 16 bytes keep the block aligned. */
#define HEAD 16u

static void *
secret_malloc (size_t size)
{
  MdSecret *secret = size <= MD_LIMIT_SECRET - HEAD ? md_secret_new (size + HEAD) : NULL;
  guint8 *place;

  if (secret == NULL)
    return NULL;
  place = md_secret_resize (secret, size + HEAD);
  memcpy (place, &secret, sizeof secret);
  return place + HEAD;
}

static void
secret_free (void *block)
{
  MdSecret *secret;

  if (block == NULL)
    return;
  memcpy (&secret, (guint8 *)block - HEAD, sizeof secret);
  md_secret_unref (secret);
}

/* Before main(): jansson wants to know before its first allocation, and programs that link this
 * file use it for nothing else. */
__attribute__ ((constructor)) static void
take_memory_over (void)
{
  json_set_alloc_funcs (secret_malloc, secret_free);
}

MdRecord *
md_record_new_object (void)
{
  return json_object ();
}

MdRecord *
md_record_new_list (void)
{
  return json_array ();
}

MdRecord *
md_record_ref (MdRecord *self)
{
  return json_incref (self);
}

void
md_record_unref (MdRecord *self)
{
  json_decref (self);
}

/* --- reading --- */

static MdRecord *
refuse (GError **error, MdRecordError code, const char *message)
{
  g_set_error_literal (error, MD_RECORD_ERROR, (int)code, message);
  return NULL;
}

/* jansson goes down once for every level, and has its own idea of how deep; and each value costs
 * pages that are locked. What comes from outside must choose neither. */
static gboolean
is_bounded (const char *text, gsize size)
{
  guint depth = 0, values = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      const char c = text[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (in_string)
        continue;
      else if (c == '{' || c == '[')
        depth++, values++;
      else if (c == '}' || c == ']')
        depth -= depth > 0;
      else if (c == ',')
        values++;
      if (depth > MD_LIMIT_JSON_DEPTH || values > MD_RECORD_MAX_VALUES)
        return FALSE;
    }
  return TRUE;
}

MdRecord *
md_record_parse (const void *data, gsize size, gsize limit, GError **error)
{
  json_error_t where;
  g_autoptr (MdRecord) root = NULL;
  int line;

  g_return_val_if_fail (data != NULL || size == 0, NULL);
  if (size == 0 || size > limit)
    return refuse (error, MD_RECORD_ERROR_LIMIT, "it is empty or too large");
  if (!is_bounded (data, size))
    return refuse (error, MD_RECORD_ERROR_LIMIT, "it is nested too deeply or holds too much");
  root = json_loadb (data, size, JSON_REJECT_DUPLICATES, &where);
  line = where.line;
  md_wipe (&where, sizeof where); /* it quotes */
  if (root == NULL)
    {
      g_set_error (error, MD_RECORD_ERROR, MD_RECORD_ERROR_MALFORMED, "line %d is not JSON", line);
      return NULL;
    }
  if (!json_is_object (root))
    return refuse (error, MD_RECORD_ERROR_MALFORMED, "it is not an object");
  return g_steal_pointer (&root);
}

MdRecord *
md_record_get (const MdRecord *object, const char *name)
{
  return json_object_get (object, name);
}

const char *
md_record_get_text (const MdRecord *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

gboolean
md_record_has_only (const MdRecord *object, const char *const *names)
{
  gsize known = 0;

  for (gsize i = 0; names[i] != NULL; i++)
    known += json_object_get (object, names[i]) != NULL;
  return known == json_object_size (object);
}

gsize
md_record_get_size (const MdRecord *self)
{
  return json_is_array (self) ? json_array_size (self) : json_object_size (self);
}

MdRecord *
md_record_get_entry (const MdRecord *list, gsize index)
{
  return json_array_get (list, index);
}

gboolean
md_record_is_object (const MdRecord *self)
{
  return json_is_object (self);
}

gboolean
md_record_is_list (const MdRecord *self)
{
  return json_is_array (self);
}

gboolean
md_record_is_null (const MdRecord *self)
{
  return json_is_null (self);
}

const char *
md_record_as_text (const MdRecord *self)
{
  return json_string_value (self);
}

gboolean
md_record_as_int (const MdRecord *self, gint64 *out_value)
{
  if (!json_is_integer (self))
    return FALSE;
  *out_value = json_integer_value (self);
  return TRUE;
}

gboolean
md_record_as_bool (const MdRecord *self, gboolean *out_value)
{
  if (!json_is_boolean (self))
    return FALSE;
  *out_value = json_is_true (self);
  return TRUE;
}

/* --- writing --- */

MdSecret *
md_record_write (const MdRecord *self, gboolean pretty)
{
  const gsize flags = JSON_ENCODE_ANY | (pretty ? (gsize)JSON_INDENT (2) : (gsize)JSON_COMPACT);
  const gsize size = json_dumpb (self, NULL, 0, flags);
  MdSecret *text;

  if (size == 0 || size > MD_LIMIT_SECRET)
    return NULL;
  text = md_secret_new (size);
  (void)json_dumpb (self, (char *)md_secret_resize (text, size), size, flags);
  return text;
}

/* Out of memory, or a value that is none: as everywhere in GLib. */
static void
check (int result)
{
  g_assert (result == 0);
}

void
md_record_set_text (MdRecord *object, const char *name, const char *text)
{
  /* What is not UTF-8 goes in as it is, and is found when the whole is written. */
  check (
      json_object_set_new (object, name, text != NULL ? json_string_nocheck (text) : json_null ()));
}

void
md_record_set_int (MdRecord *object, const char *name, gint64 value)
{
  check (json_object_set_new (object, name, json_integer (value)));
}

void
md_record_set_bool (MdRecord *object, const char *name, gboolean value)
{
  check (json_object_set_new (object, name, json_boolean (value)));
}

void
md_record_take (MdRecord *object, const char *name, MdRecord *value)
{
  check (json_object_set_new (object, name, value));
}

void
md_record_append_text (MdRecord *list, const char *text, gsize size)
{
  check (json_array_append_new (list, json_stringn_nocheck (text, size)));
}

void
md_record_append_take (MdRecord *list, MdRecord *value)
{
  check (json_array_append_new (list, value));
}
