// SPDX-License-Identifier: Apache-2.0
// Letters of delegation (委任状), for the officer who decides: what approving one allows, what is
// left of one that is changed, and by which one an application is filed.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"
#include "md-letter-lines-private.h"

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

static gboolean
is_letter (MdApproval *self)
{
  return g_str_equal (md_form_get_id (self->form), MD_DELEGATION_PROCEDURE);
}

static gboolean
is_change (MdApproval *self)
{
  return g_str_equal (md_form_get_id (self->form), MD_DELEGATION_CHANGE);
}

/* Whether the letter says still what it said when the clerk took this in. */
static gboolean
is_as_it_was (MdApproval *self)
{
  const char *then = md_container_get_manifest (self->container)->delegation_decision;
  const char *now = NULL;

  return self->letter && g_variant_lookup (self->letter, "decision", "&s", &now)
         && g_strcmp0 (then, now) == 0;
}

MdDelegation *
_md_approval_read_letter (MdApproval *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (GBytes) principal = NULL;
  g_autoptr (GBytes) delegate = NULL;
  g_autoptr (MdDelegation) before = NULL;
  MdDelegationPeople people;

  if (is_change (self))
    {
      before = is_as_it_was (self) ? _md_letter_read (self->letter) : NULL;
      return before ? md_delegation_new_changed (before, manifest->delegation_decision, look_up,
                                                 self->data)
                    : NULL;
    }
  if (!is_letter (self))
    return NULL;
  principal = md_naming_digest_fields (look_up, self->data, "p.name", "p.birth");
  delegate = md_naming_digest_delegate (look_up, self->data);
  people = (MdDelegationPeople){ principal, delegate };
  return md_delegation_new_from_form (manifest->intake, look_up, self->data, &people);
}

static void
add (MdApproval *self, MdCheckState state, const char *verdict)
{
  _md_approval_add_check (self, "delegation", _ ("Letter of delegation"), state, verdict);
}

/* Until when it would hold, in words. */
static void
add_own (MdApproval *self)
{
  g_autoptr (MdDelegation) letter = _md_approval_read_letter (self);
  g_autofree char *day = letter ? _md_letter_dup_day (letter->to) : NULL;
  g_autofree char *word = NULL;

  if (!letter)
    add (self, MD_CHECK_REFUSED, _ ("Not complete"));
  else if (!md_policy_allows_term (md_desk_get_policy (self->desk), letter->from, letter->to))
    add (self, MD_CHECK_REFUSED, _ ("Would hold longer than the office allows"));
  else
    {
      word = g_strdup_printf (_ ("Holds until %s"), day);
      add (self, MD_CHECK_PASSED, word);
    }
}

/* --- filed by one --- */

/* Of these people, by the code: what is written here, against what the officer accepted then. */
static gboolean
is_of_these (MdApproval *self, const MdDelegation *known)
{
  g_autoptr (GBytes) principal = md_naming_digest_fields (look_up, self->data, "p.name", "p.birth");
  g_autoptr (GBytes) delegate = md_naming_digest_delegate (look_up, self->data);
  const MdDelegationPeople people = { principal, delegate };

  return md_delegation_is_of (known, md_container_get_manifest (self->container)->delegation_intake,
                              look_up ("a.deleg_code", self->data), &people);
}

/* "The office gave it back on 2026-11-22"; NULL: it did not. */
static char *
say_given_back (MdApproval *self)
{
  const char *day = NULL;
  g_autofree char *words = NULL;

  if (!self->letter || !g_variant_lookup (self->letter, "given-back", "&s", &day))
    return NULL;
  if (!*day)
    return g_strdup (_ ("Given back by the office"));
  words = _md_letter_dup_day (day);
  return g_strdup_printf (_ ("Given back by the office on %s"), words);
}

/* FALSE: it was told what stands in the way. */
static gboolean
check_cited (MdApproval *self, const MdDelegation *known)
{
  const char *number = md_container_get_manifest (self->container)->delegation_number;
  g_autofree char *given_back = say_given_back (self);

  if (g_strcmp0 (number, look_up ("a.deleg_id", self->data)) != 0)
    add (self, MD_CHECK_REFUSED, _ ("The contents name another letter"));
  else if (known && !is_of_these (self, known))
    add (self, MD_CHECK_REFUSED, _ ("The letter is of other people"));
  else if (given_back)
    add (self, MD_CHECK_REFUSED, given_back);
  else
    return TRUE;
  return FALSE;
}

static void
add_cited (MdApproval *self)
{
  g_autoptr (MdDelegation) known = _md_letter_read (self->letter);
  const char *number = md_container_get_manifest (self->container)->delegation_number;
  g_autofree char *word = NULL;

  if (!check_cited (self, known))
    return;
  if (known && is_as_it_was (self))
    {
      add (self, MD_CHECK_PASSED, number);
      return;
    }
  word = known ? g_strdup_printf (_ ("%s, changed since this was handed in"), number)
               : g_strdup_printf (_ ("%s, not known at this terminal any more"), number);
  add (self, MD_CHECK_DEFERRED, word);
}

/* --- changed --- */

/* A delegate may give back what was delegated, and take nothing more. */
static gboolean
may_change (MdApproval *self, const MdDelegation *after)
{
  return after->ended || md_identity_proof_get_filer (self->proof) == MD_FILER_SELF;
}

static void
add_changed (MdApproval *self)
{
  g_autoptr (MdDelegation) before = _md_letter_read (self->letter);
  g_autoptr (MdDelegation) after = _md_approval_read_letter (self);
  MdPolicy *policy = md_desk_get_policy (self->desk);

  if (!check_cited (self, before))
    return;
  if (!before || before->ended || !is_as_it_was (self))
    add (self, MD_CHECK_REFUSED, _ ("Changed or ended since this was taken in"));
  else if (!after)
    add (self, MD_CHECK_REFUSED, _ ("Nothing would change"));
  else if (!may_change (self, after))
    add (self, MD_CHECK_REFUSED, _ ("The delegate may only end it"));
  else if (!after->ended && !md_policy_allows_term (policy, after->from, after->to))
    add (self, MD_CHECK_REFUSED, _ ("Would hold longer than the office allows"));
  else
    {
      add (self, MD_CHECK_PASSED, md_container_get_manifest (self->container)->delegation_number);
      _md_letter_add_changes (self->checks, md_desk_get_catalogue (self->desk), before, after);
    }
}

void
_md_approval_add_letter (MdApproval *self)
{
  if (is_letter (self))
    add_own (self);
  else if (is_change (self))
    add_changed (self);
  else if (md_container_get_manifest (self->container)->delegation_number
           || look_up ("a.deleg_id", self->data))
    add_cited (self);
}
