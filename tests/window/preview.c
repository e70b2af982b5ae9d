// SPDX-License-Identifier: Apache-2.0
/* The real widgets with invented people, for looking at and for the layout tests; the product has
   no such mode. preview SCENE: opens one; --list: their names; --inspect: reads lines "SCENE
   WIDTHxHEIGHT LOOK [PICTURE]" from standard input, shows each, and prints what is wrong with it
   (see preview.h). LOOK: "walk" and the words of PREVIEW_LOOK, joined by
   "+". */
#include "config.h"

#include "preview.h"
#include "settings.h"

#include <md-process.h>
#include <string.h>

#define FORM "form:" /* before the id of a procedure: its form is walked through */

static const char *scene_name;

static void
nothing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_print ("%s\n", g_action_get_name (G_ACTION (action)));
}

static void
add_actions (CounterWindow *window, const char *group, const char *const *names)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean takes = strchr (names[i], '(') != NULL;
      g_autofree char *name
          = takes ? g_strndup (names[i], strlen (names[i]) - 1) : g_strdup (names[i]);
      g_autoptr (GSimpleAction) action
          = g_simple_action_new (name, takes ? G_VARIANT_TYPE_STRING : NULL);

      g_signal_connect (action, "activate", G_CALLBACK (nothing), NULL);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (window), group, G_ACTION_GROUP (actions));
}

static void
add_decision (CounterWindow *window)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) decision = g_simple_action_new_stateful (
      "decision", G_VARIANT_TYPE_STRING,
      g_variant_new_string (
          counter_model_text (counter_window_get_models (window)->approval, "decision")));
  CounterModel *model = counter_window_get_models (window)->approval;
  g_autoptr (GSimpleAction) approve = g_simple_action_new_stateful (
      "approve", NULL,
      g_variant_new_boolean (g_str_equal (counter_model_text (model, "decision"), "approve")));
  g_autoptr (GSimpleAction) unread
      = g_simple_action_new_stateful ("unread", NULL, g_variant_new_boolean (FALSE));
  static const char *const names[] = { "open", "reason", "seen", "close" };

  g_simple_action_set_enabled (approve, !counter_model_flag (model, "cannot-approve"));
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (decision));
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (approve));
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (unread));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action
          = g_simple_action_new (names[i], i < 3 ? G_VARIANT_TYPE_STRING : NULL);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (window), "approval", G_ACTION_GROUP (actions));
}

/* Any of "dark", "contrast", "125", "150", "200". */
static void
choose_look (char **words)
{
  GActionGroup *settings = counter_settings_get_actions (counter_settings_get ());
  gboolean dark = g_strv_contains ((const char *const *)words, "dark");
  gint32 size = 100;

  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_isdigit (*words[i]))
      size = (gint32)g_ascii_strtoll (words[i], NULL, 10);
  g_action_group_change_action_state (settings, "theme",
                                      g_variant_new_string (dark ? "dark" : "light"));
  g_action_group_change_action_state (
      settings, "contrast",
      g_variant_new_boolean (g_strv_contains ((const char *const *)words, "contrast")));
  g_action_group_change_action_state (settings, "text-size", g_variant_new_int32 (size));
}

static CounterWindow *
open_window (GtkApplication *application, const char *scene, const char *size)
{
  static const char *const intake_actions[] = { "next",
                                                "back",
                                                "choose(",
                                                "search(",
                                                "go(",
                                                "print",
                                                "open-guide",
                                                "close-guide",
                                                "event(",
                                                "abandon",
                                                "use-face",
                                                "use-pins",
                                                "open-face",
                                                "cancel",
                                                "use-papers",
                                                "use-filers-card",
                                                "papers-filer(",
                                                "papers-reason(",
                                                "show-resident",
                                                "brought-by(",
                                                "use-post",
                                                "suspend",
                                                NULL };
  static const char *const queue_actions[] = { "retry", NULL };
  static const char *const log_actions[] = { "verify", NULL };
  static const char *const confirmation_actions[] = { "open(", "print", NULL };
  static const char *const reader_actions[] = { "examine", "save-report", NULL };
  static const char *const returned_actions[]
      = { "open(", "back", "take-up", "withdraw", "restore", "reason(", "cancel", NULL };
  static const char *const draft_actions[] = { "open(", "back", "enter", "erase", NULL };
  CounterWindow *window = counter_window_new (application);

  add_actions (window, "intake", intake_actions);
  add_actions (window, "queue", queue_actions);
  add_actions (window, "log", log_actions);
  add_actions (window, "confirmation", confirmation_actions);
  add_actions (window, "readers", reader_actions);
  add_actions (window, "returned", returned_actions);
  add_actions (window, "draft", draft_actions);
  preview_fill (window, scene);
  add_decision (window);
  if (size != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (size, "x", 2);
      gtk_window_set_default_size (GTK_WINDOW (window), (int)g_ascii_strtoll (parts[0], NULL, 10),
                                   (int)g_ascii_strtoll (parts[1], NULL, 10));
    }
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
show_one (GtkApplication *application)
{
  const char *look = g_getenv ("PREVIEW_LOOK");
  g_auto (GStrv) words = g_strsplit (look != NULL ? look : "", " ", -1);

  choose_look (words);
  open_window (application, scene_name, g_getenv ("PREVIEW_SIZE"));
}

static void
inspect_one (GtkApplication *application, char **words)
{
  g_auto (GStrv) look = g_strsplit (words[2], "+", -1);
  CounterWindow *window;

  choose_look (look);
  window = open_window (application, words[0], words[1]);
  preview_settle (window);
  if (g_str_has_prefix (words[0], FORM))
    {
      preview_walk_form (window, words[0] + strlen (FORM));
      gtk_window_destroy (GTK_WINDOW (window));
      g_print ("done %s\n", words[0]);
      return;
    }
  preview_inspect (window, words[1], words[3]);
  if (g_strv_contains ((const char *const *)look, "walk"))
    preview_walk (window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_print ("done %s\n", words[0]);
}

static void
inspect_all (GtkApplication *application)
{
  char line[512];

  g_application_hold (G_APPLICATION (application));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 4);

      if (g_strv_length (words) >= 3)
        inspect_one (application, words);
    }
  g_application_release (G_APPLICATION (application));
}

static void
activate (GtkApplication *application)
{
  counter_settings_apply (counter_settings_get ());
  if (g_strcmp0 (scene_name, "--inspect") == 0)
    inspect_all (application);
  else
    show_one (application);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  g_autofree char *language = counter_settings_language (counter_settings_get ());

  scene_name = argc > 1 ? argv[1] : "home";
  if (g_strcmp0 (scene_name, "--list") == 0)
    {
      for (guint i = 0; preview_scene_name (i) != NULL; i++)
        g_print ("%s\n", preview_scene_name (i));
      return 0;
    }
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  md_process_speak (language);
  application = adw_application_new ("org.madoguchi.Madoguchi", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
