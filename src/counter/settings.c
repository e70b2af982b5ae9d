// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "settings.h"

#include <adwaita.h>

#define SCHEMA "org.madoguchi.Madoguchi"
#define POINTS_PER_INCH 96
#define PANGO_UNITS 1024
#define ROOMY_PERCENT 115
#define OVER_APPLICATION (GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 10)

struct _CounterSettings
{
  GSettings *settings; /* NULL without a schema */
  GSimpleActionGroup *actions;
  GtkStyleProvider *contrast;
  gboolean roomy;
};

static const struct
{
  const char *name;
  const char *type;
  const char *start;
} choices[] = {
  { "theme", "s", "'system'" },
  { "contrast", "b", "false" },
  { "text-size", "i", "100" },
};

static GVariant *
chosen (CounterSettings *self, const char *name)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  return g_action_get_state (action);
}

static void
apply_theme (CounterSettings *self)
{
  g_autoptr (GVariant) theme = chosen (self, "theme");
  const char *name = g_variant_get_string (theme, NULL);
  AdwColorScheme scheme = g_strcmp0 (name, "dark") == 0    ? ADW_COLOR_SCHEME_FORCE_DARK
                          : g_strcmp0 (name, "light") == 0 ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                           : ADW_COLOR_SCHEME_DEFAULT;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

/* High contrast by choice of the terminal; where the desktop asks for it libadwaita loads the same
 * sheets. */
static void
apply_contrast (CounterSettings *self)
{
  g_autoptr (GVariant) wanted = chosen (self, "contrast");
  GdkDisplay *display = gdk_display_get_default ();
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkCssProvider *provider;

  if (self->contrast != NULL)
    gtk_style_context_remove_provider_for_display (display, self->contrast);
  g_clear_object (&self->contrast);
  if (!g_variant_get_boolean (wanted))
    return;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, dark ? "/org/madoguchi/Madoguchi/contrast-dark.css"
                                                      : "/org/madoguchi/Madoguchi/contrast.css");
  self->contrast = GTK_STYLE_PROVIDER (provider);
  gtk_style_context_add_provider_for_display (display, self->contrast, OVER_APPLICATION);
}

static void
apply_text_size (CounterSettings *self)
{
  g_autoptr (GVariant) size = chosen (self, "text-size");
  int percent = CLAMP (g_variant_get_int32 (size), self->roomy ? ROOMY_PERCENT : 100, 200);

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi",
                POINTS_PER_INCH * PANGO_UNITS * percent / 100, NULL);
}

void
counter_settings_apply (CounterSettings *self)
{
  apply_theme (self);
  apply_contrast (self);
  apply_text_size (self);
}

void
counter_settings_set_roomy (CounterSettings *self, gboolean roomy)
{
  if (self->roomy == roomy)
    return;
  self->roomy = roomy;
  apply_text_size (self);
}

static void
change_state_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  CounterSettings *self = data;

  g_simple_action_set_state (action, value);
  if (self->settings != NULL)
    g_settings_set_value (self->settings, g_action_get_name (G_ACTION (action)), value);
  counter_settings_apply (self);
}

static void
activate_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (action));

  if (parameter != NULL)
    g_action_change_state (G_ACTION (action), parameter);
  else
    g_action_change_state (G_ACTION (action),
                           g_variant_new_boolean (!g_variant_get_boolean (state)));
}

static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

CounterSettings *
counter_settings_get (void)
{
  static CounterSettings *self;

  if (self != NULL)
    return self;
  self = g_new0 (CounterSettings, 1);
  self->settings = open_settings ();
  self->actions = g_simple_action_group_new ();
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autoptr (GVariant) state
          = self->settings != NULL
                ? g_settings_get_value (self->settings, choices[i].name)
                : g_variant_ref_sink (g_variant_parse (NULL, choices[i].start, NULL, NULL, NULL));
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
          choices[i].name, *choices[i].type == 'b' ? NULL : G_VARIANT_TYPE (choices[i].type),
          state);

      g_signal_connect (action, "activate", G_CALLBACK (activate_cb), self);
      g_signal_connect (action, "change-state", G_CALLBACK (change_state_cb), self);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
    }
  return self;
}

GActionGroup *
counter_settings_get_actions (CounterSettings *self)
{
  return G_ACTION_GROUP (self->actions);
}

GVariant *
counter_settings_get_readers (CounterSettings *self)
{
  return self->settings != NULL ? g_settings_get_value (self->settings, "reader-roles")
                                : g_variant_ref_sink (g_variant_new ("a{ss}", NULL));
}

void
counter_settings_keep_readers (CounterSettings *self, GVariant *readers)
{
  if (self->settings != NULL)
    g_settings_set_value (self->settings, "reader-roles", readers);
}

char *
counter_settings_language (CounterSettings *self)
{
  const char *named = g_getenv ("MADOGUCHI_LANG");
  g_autofree char *kept = self->settings != NULL
                              ? g_settings_get_string (self->settings, "language")
                              : g_strdup ("ja");

  if (named != NULL && *named != '\0')
    return g_strdup (named);
  return *kept != '\0' ? g_steal_pointer (&kept) : NULL;
}
