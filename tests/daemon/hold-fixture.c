// SPDX-License-Identifier: Apache-2.0
#include "hold-fixture.h"

void
held_clear (Held *held)
{
  g_clear_pointer (&held->reservation, g_variant_unref);
  g_clear_pointer (&held->intake, g_free);
  g_clear_pointer (&held->raised, g_free);
}

Held
held_new (Fixture *f, const char *who)
{
  Held held = { NULL };
  const DeskPerson person = { .who = who, .shown = who };
  g_autoptr (GError) error = NULL;

  held.reservation = who == NULL ? desk_reserve (f->desk, "pension.exemption", &error)
                                 : desk_reserve_only (f->desk, "pension.exemption", &error);
  g_assert_no_error (error);
  g_variant_lookup (held.reservation, "intake", "s", &held.intake);
  if (who != NULL)
    g_free (desk_name (f->desk, held.intake, &person, &error));
  g_assert_no_error (error);
  held.raised = desk_raised ('a');
  g_assert_cmpuint (desk_raise (f->desk, held.intake, held.raised, &error), ==, 1);
  g_assert_no_error (error);
  return held;
}

gboolean
held_submit (Fixture *f, const Held *held, const MdReleaseFiles *release, GError **error)
{
  g_autoptr (GPtrArray) releases
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_release_files_free);
  const DeskFlaws with = { .releases = releases };
  g_autoptr (GBytes) container = NULL;
  g_autofree char *number = NULL;

  if (release != NULL)
    g_ptr_array_add (releases, md_release_files_copy (release));
  container = desk_seal (f->desk, held->reservation, 4096, &with, error);
  return container != NULL && desk_submit (f->desk, held->intake, container, &number, error);
}

void
held_abandon (Fixture *f, const Held *held)
{
  g_assert_true (md_bus_terminal1_call_abandon_intake_sync (
      f->desk->proxy, f->desk->session, held->intake, "next-person", NULL, NULL));
}
