// SPDX-License-Identifier: Apache-2.0
// Sentences of checks that name the form's settings, so that a figure stands in one place alone.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-private.h"

#define OPENING "{setting:"

const MdFormSetting *
_md_form_find_setting (const MdForm *self, const char *id)
{
  for (guint i = 0; i < self->settings->len; i++)
    if (g_str_equal (g_array_index (self->settings, MdFormSetting, i).id, id))
      return &g_array_index (self->settings, MdFormSetting, i);
  return NULL;
}

/* 100,000: as figures are written in both languages. */
static char *
write_figure (gint64 value)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%" G_GINT64_FORMAT, value);
  for (gssize i = (gssize)text->len - 3; i > (value < 0 ? 1 : 0); i -= 3)
    g_string_insert_c (text, i, ',');
  return g_string_free (text, FALSE);
}

/* 10万円, 12,345円; 100,000 yen. */
static char *
write_yen (gint64 value, gboolean japanese)
{
  const gboolean round = value != 0 && value % 10000 == 0;
  g_autofree char *figure = write_figure (japanese && round ? value / 10000 : value);

  return g_strconcat (figure, !japanese ? " yen" : round ? "万円" : "円", NULL);
}

/* 2年, 1 year, 2 years. */
static char *
write_count (gint64 n, const char *counter, const char *unit, gboolean japanese)
{
  return japanese ? g_strdup_printf ("%" G_GINT64_FORMAT "%s", n, counter)
                  : g_strdup_printf ("%" G_GINT64_FORMAT " %s%s", n, unit, n == 1 ? "" : "s");
}

/* 2年1か月, 2 years and 1 month. */
static char *
write_months (gint64 value, gboolean japanese)
{
  g_autofree char *years = write_count (value / 12, "年", "year", japanese);
  g_autofree char *months = write_count (value % 12, "か月", "month", japanese);

  if (value < 12)
    return g_steal_pointer (&months);
  if (value % 12 == 0)
    return g_steal_pointer (&years);
  return g_strconcat (years, japanese ? "" : " and ", months, NULL);
}

/* A place such as {setting:NAME-1:yen}, taken apart. */
typedef struct
{
  char *name;
  gint64 more;
  char *form; /* "", ":yen" or ":months" */
  gsize size; /* in the message */
} Place;

static void
place_clear (Place *place)
{
  g_free (place->name);
  g_free (place->form);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

/* FALSE: what stands there is none. */
static gboolean
read_place (const char *message, Place *out_place)
{
  const char *end = strchr (message, '}');
  g_autofree char *more = NULL;
  const char *at;

  if (!g_str_has_prefix (message, OPENING) || !end)
    return FALSE;
  at = message + strlen (OPENING);
  out_place->size = (gsize)(end + 1 - message);
  out_place->name = g_strndup (at, strcspn (at, "+-:}"));
  at += strlen (out_place->name);
  more = g_strndup (at, strcspn (at, ":}"));
  at += strlen (more);
  out_place->form = g_strndup (at, (gsize)(end - at));
  return (!*more || g_ascii_string_to_signed (more, 10, -1000, 1000, &out_place->more, NULL))
         && (!*out_place->form || g_str_equal (out_place->form, ":yen")
             || g_str_equal (out_place->form, ":months"));
}

static char *
write_place (const MdFormSetting *setting, const Place *place)
{
  const gint64 value = setting->value + place->more;

  if (g_str_equal (place->form, ":yen"))
    return write_yen (value, md_forms_in_japanese ());
  if (g_str_equal (place->form, ":months"))
    return write_months (value, md_forms_in_japanese ());
  return write_figure (value);
}

char *
_md_form_fill_message (const MdForm *self, const char *message)
{
  GString *text = g_string_new (NULL);

  while (*message)
    {
      g_auto (Place) place = { 0 };
      const MdFormSetting *setting
          = read_place (message, &place) ? _md_form_find_setting (self, place.name) : NULL;
      g_autofree char *figure = setting ? write_place (setting, &place) : NULL;

      if (figure)
        g_string_append (text, figure);
      else
        g_string_append_c (text, *message);
      message += figure ? place.size : 1;
    }
  return g_string_free (text, FALSE);
}

/* --- reading --- */

/* What counts a kind and not a quantity: 第1号, category 1. */
static gboolean
names_a_kind (const char *message, const char *figure)
{
  static const char *const before[] = { "第", "ategory " };

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      const gsize length = strlen (before[i]);

      if ((gsize)(figure - message) >= length && strncmp (figure - length, before[i], length) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The figure is the value of a setting: it would stay as it is when the setting changes. */
static void
check_figure (const MdForm *form, const char *figure, MdJson *json)
{
  for (guint i = 0; i < form->settings->len; i++)
    {
      const MdFormSetting *setting = &g_array_index (form->settings, MdFormSetting, i);
      g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT, setting->value);
      g_autofree char *written = write_figure (setting->value);

      if (g_str_equal (figure, plain) || g_str_equal (figure, written))
        md_json_fail (json, "message",
                      _ ("The figure %s is the setting \"%s\". Write {setting:%s} in its place."),
                      figure, setting->id, setting->id);
    }
}

/* 10万円; 2年1か月 of a setting that counts months. */
static void
check_words (const MdForm *form, const char *message, MdJson *json)
{
  for (guint i = 0; i < form->settings->len; i++)
    {
      const MdFormSetting *setting = &g_array_index (form->settings, MdFormSetting, i);
      const gboolean months = strstr (setting->id, "months") != NULL;
      g_autofree char *words
          = months ? write_months (setting->value, TRUE) : write_yen (setting->value, TRUE);
      const char *at = strstr (message, words);

      if (at && (at == message || !g_ascii_isdigit (at[-1])))
        md_json_fail (json, "message",
                      _ ("The figure %s is the setting \"%s\". Write {setting:%s} in its place."),
                      words, setting->id, setting->id);
    }
}

static void
check_figures (const MdForm *form, const char *message, MdJson *json)
{
  const char *at = message;

  while (*at)
    {
      const gsize length = strspn (at, "0123456789.,");
      g_autofree char *figure = g_strndup (at, length);

      for (gsize i = length; i > 0 && !g_ascii_isdigit (figure[i - 1]); i--)
        figure[i - 1] = '\0';
      if (*figure && !names_a_kind (message, at))
        check_figure (form, figure, json);
      if (*at == '{')
        at += strcspn (at, "}");
      at += length > 0 ? length : *at ? 1 : 0;
    }
}

static void
check_places (const MdForm *form, const char *message, MdJson *json)
{
  for (const char *at = strchr (message, '{'); at; at = strchr (at + 1, '{'))
    {
      g_auto (Place) place = { 0 };

      if (!read_place (at, &place))
        md_json_fail (json, "message",
                      _ ("In braces a message names a setting: {setting:NAME}, {setting:NAME-1}, "
                         "{setting:NAME:yen} or {setting:NAME:months}."));
      else if (!_md_form_find_setting (form, place.name))
        md_json_fail (json, "message",
                      _ ("The message names the setting \"%s\", which this form does not have."),
                      place.name);
    }
}

void
_md_form_check_message (const MdForm *self, const MdText *message, MdJson *json)
{
  const char *const texts[] = { message->ja, message->en };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i])
      {
        check_places (self, texts[i], json);
        check_figures (self, texts[i], json);
        check_words (self, texts[i], json);
      }
}
