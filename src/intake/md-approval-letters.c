// SPDX-License-Identifier: Apache-2.0
// Letters of delegation (委任状), for the officer who decides: what approving one allows, and by
// which one an application is filed.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

static GBytes *
digest_who (MdApproval *self, const char *name, const char *birth)
{
  const MdNamed named
      = { .name = look_up (name, self->data), .birth = look_up (birth, self->data) };

  return md_naming_digest_who (&named);
}

static gboolean
is_letter (MdApproval *self)
{
  return g_str_equal (md_form_get_id (self->form), MD_DELEGATION_PROCEDURE);
}

MdDelegation *
_md_approval_read_letter (MdApproval *self)
{
  const char *intake = md_container_get_manifest (self->container)->intake;
  g_autoptr (GBytes) principal = NULL;
  g_autoptr (GBytes) delegate = NULL;
  MdDelegationPeople people;

  if (!is_letter (self))
    return NULL;
  principal = digest_who (self, "p.name", "p.birth");
  delegate = digest_who (self, "g.delegate", "g.delegate_birth");
  people = (MdDelegationPeople){ principal, delegate };
  return md_delegation_new_from_form (intake, look_up, self->data, &people);
}

/* Until when it would hold, in words. */
static void
add_own (MdApproval *self)
{
  g_autoptr (MdDelegation) letter = _md_approval_read_letter (self);
  g_autofree char *word = NULL;
  MdDate to;

  if (letter && md_date_parse (letter->to, &to, NULL))
    {
      g_autofree char *day
          = md_forms_in_japanese () ? md_era_format (&to) : md_date_format_iso (&to);

      word = g_strdup_printf (_ ("Holds until %s"), day);
    }
  _md_approval_add_check (self, "delegation", _ ("Letter of delegation"),
                          word ? MD_CHECK_PASSED : MD_CHECK_REFUSED,
                          word ? word : _ ("Not complete"));
}

void
_md_approval_add_letter (MdApproval *self)
{
  const char *number = md_container_get_manifest (self->container)->delegation_number;
  const char *said = look_up ("a.deleg_id", self->data);
  gboolean same = g_strcmp0 (number, said) == 0;

  if (is_letter (self))
    add_own (self);
  else if (number || said)
    _md_approval_add_check (self, "delegation", _ ("Letter of delegation"),
                            same ? MD_CHECK_PASSED : MD_CHECK_REFUSED,
                            same ? number : _ ("The contents name another letter"));
}
