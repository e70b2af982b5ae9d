// SPDX-License-Identifier: Apache-2.0
// Letters of delegation (委任状): a new one gets its code, and an accepted one is cited for an
// intake that its delegate files. The service checks that, before the contents are left.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>
#include <md-seal.h>

#include "md-intake-flow-private.h"
#include "md-letter-lines-private.h"

/* --- a new letter --- */

void
_md_intake_make_code (MdIntake *self)
{
  if (!self->reservation || !md_form_has_field (self->form, "g.code"))
    return;
  if (!self->reservation->code)
    self->reservation->code = md_delegation_make_code ();
  _md_intake_set_field (self, "g.code", md_secret_get_text (self->reservation->code));
}

void
_md_intake_forget_code (MdIntake *self)
{
  if (self->reservation)
    g_clear_pointer (&self->reservation->code, md_secret_unref);
}

/* --- filed by an accepted one --- */

typedef struct
{
  MdIntake *intake;
  char *id;     /* of the reservation that it was about */
  char *number; /* of the letter */
  char *claim;  /* what was said to the service */
} Citing;

static void
citing_free (Citing *citing)
{
  g_object_unref (citing->intake);
  g_free (citing->id);
  g_free (citing->number);
  g_free (citing->claim);
  g_free (citing);
}

void
_md_intake_forget_letter (MdIntake *self)
{
  g_clear_pointer (&self->letter.intake, g_free);
  g_clear_pointer (&self->letter.number, g_free);
  g_clear_pointer (&self->letter.decision, g_free);
  g_clear_pointer (&self->letter.claim, g_free);
  g_clear_pointer (&self->letter.says, g_variant_unref);
  g_list_store_remove_all (self->letter_lines);
}

void
_md_intake_doubt_letter (MdIntake *self)
{
  g_clear_pointer (&self->letter.claim, g_free);
}

static const char *
value (MdIntake *self, const char *field)
{
  return md_form_data_get_sealed (self->data, field);
}

static const char *
look_up (const char *field, gpointer data)
{
  return value (data, field);
}

/* Why the service does not let it be filed by the letter, and the ways that are left. */
static void
tell_refusal (MdIntake *self, const GError *error)
{
  g_autoptr (GError) plain = g_error_copy (error);
  g_autoptr (MdTrouble) trouble = NULL;

  if (!g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED)
      && !g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE))
    {
      _md_intake_set_trouble_error (self, error);
      return;
    }
  g_dbus_error_strip_remote_error (plain);
  trouble
      = _md_trouble_new (_ ("This cannot be filed by the letter of delegation."), plain->message,
                         _ ("Correct what was mistyped. If there is a letter on paper, empty the "
                            "delegation id and go on with that."),
                         NULL);
  _md_intake_set_trouble (self, trouble, FALSE);
}

static void
cited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Citing *citing = data;
  MdIntake *self = citing->intake;
  g_autofree char *letter = NULL;
  g_autofree char *decision = NULL;
  g_autoptr (GVariant) says = NULL;
  g_autoptr (GError) error = NULL;
  gboolean cited = md_bus_terminal1_call_cite_delegation_finish (
      MD_BUS_TERMINAL1 (source), &letter, &decision, &says, NULL, result, &error);

  self->citing = FALSE;
  if (self->desk && self->reservation && g_str_equal (self->reservation->intake, citing->id))
    {
      if (cited)
        {
          _md_intake_forget_letter (self);
          self->letter.intake = g_steal_pointer (&letter);
          self->letter.decision = g_steal_pointer (&decision);
          self->letter.number = g_steal_pointer (&citing->number);
          self->letter.claim = g_steal_pointer (&citing->claim);
          self->letter.says = g_steal_pointer (&says);
          if (self->step == MD_STEP_OF_CONTENT)
            (void)md_intake_advance (self);
        }
      else
        tell_refusal (self, error);
      _md_intake_update (self);
    }
  citing_free (citing);
}

void
_md_intake_list_letter (MdIntake *self)
{
  g_autoptr (MdDelegation) now = _md_letter_read (self->letter.says);
  g_autoptr (MdDelegation) after = NULL;
  g_autofree char *today = NULL;
  const gboolean changes
      = self->form && g_str_equal (md_form_get_id (self->form), MD_DELEGATION_CHANGE);

  g_list_store_remove_all (self->letter_lines);
  if (!now)
    return;
  today = _md_desk_today (self->desk);
  if (changes)
    after = md_delegation_new_changed (now, self->letter.decision, look_up, self);
  _md_letter_add_line (self->letter_lines, "delegation", _ ("Letter of delegation"),
                       MD_CHECK_PASSED, self->letter.number);
  _md_letter_add_state (self->letter_lines, md_desk_get_catalogue (self->desk), now, after, today);
  if (changes && !after)
    _md_letter_add_line (self->letter_lines, "delegation-changes", _ ("What is changed"),
                         MD_CHECK_DEFERRED, _ ("Nothing would change"));
}

/* What is said of it, so that nothing is said twice and nothing that was changed goes unsaid. */
static char *
describe (MdIntake *self, const char *number, GBytes *principal, GBytes *delegate)
{
  const char *code = value (self, "a.deleg_code");
  md_autowipe char *text = NULL;
  g_autofree char *day = _md_intake_day (self);
  md_autowipe char *one = md_hex_encode_bytes (principal);
  md_autowipe char *other = md_hex_encode_bytes (delegate);
  guint8 sum[MD_SHA256_SIZE];

  text = g_strconcat (number, "\n", code ? code : "", "\n", one, "\n", other, "\n", day, NULL);
  md_sha256 (text, strlen (text), sum);
  return md_hex_encode (sum, sizeof sum);
}

static gboolean
cite (MdIntake *self, Citing *citing, GBytes *principal, GBytes *delegate, GError **error)
{
  const char *code = value (self, "a.deleg_code");
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (code ? code : "", code ? strlen (code) : 0);
  GVariant *handle = md_bus_payload_append (fds, bytes, error);
  GVariantBuilder claim;

  if (!handle)
    return FALSE;
  g_variant_builder_init (&claim, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&claim, "{sv}", "number", g_variant_new_string (citing->number));
  g_variant_builder_add (&claim, "{sv}", "code", handle);
  if (_md_intake_is_by_post (self))
    {
      g_autofree char *day = _md_intake_day (self);

      g_variant_builder_add (&claim, "{sv}", "received", g_variant_new_string (day));
    }
  g_variant_builder_add (&claim, "{sv}", "principal",
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, principal, TRUE));
  g_variant_builder_add (&claim, "{sv}", "delegate",
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, delegate, TRUE));
  self->citing = TRUE;
  md_bus_terminal1_call_cite_delegation (
      _md_desk_get_proxy (self->desk), _md_desk_get_session (self->desk), citing->id,
      g_variant_builder_end (&claim), fds, NULL, cited_cb, citing);
  return TRUE;
}

/* The service is told that it is by no letter, where it was told of one. */
static void
drop (MdIntake *self)
{
  if (!self->letter.intake)
    return;
  md_bus_terminal1_call_drop_delegation (_md_desk_get_proxy (self->desk),
                                         _md_desk_get_session (self->desk),
                                         self->reservation->intake, NULL, NULL, NULL);
  _md_intake_forget_letter (self);
}

/* A letter holds no longer than the office allows. Of a change the officer sees it, who knows from
 * when it holds. */
static gboolean
check_term (MdIntake *self)
{
  const char *from = value (self, "g.date");
  const char *to = value (self, "g.valid_to");
  MdPolicy *policy = md_desk_get_policy (self->desk);
  g_autofree char *meaning = NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  if (!from || !to || md_policy_allows_term (policy, from, to))
    return TRUE;
  meaning = g_strdup_printf (g_dngettext (NULL, "This office takes them for %u month at most.",
                                          "This office takes them for %u months at most.",
                                          md_policy_get_limits (policy)->letter_months),
                             md_policy_get_limits (policy)->letter_months);
  trouble = _md_trouble_new (_ ("The letter of delegation would hold too long."), meaning,
                             _ ("Agree on an earlier last day with the person. A new letter can "
                                "follow when this one is over."),
                             NULL);
  _md_intake_set_trouble (self, trouble, FALSE);
  return FALSE;
}

gboolean
_md_intake_check_letter (MdIntake *self)
{
  const char *number = value (self, "a.deleg_id");
  g_autoptr (GBytes) principal = NULL;
  g_autoptr (GBytes) delegate = NULL;
  g_autofree char *claim = NULL;
  g_autoptr (GError) error = NULL;
  Citing *citing;

  if (self->citing || !_md_desk_get_session (self->desk) || !check_term (self))
    return FALSE;
  principal = md_naming_digest_fields (look_up, self, "p.name", "p.birth");
  delegate = md_naming_digest_delegate (look_up, self);
  if (!number || !principal || !delegate)
    {
      drop (self);
      return TRUE;
    }
  claim = describe (self, number, principal, delegate);
  if (g_strcmp0 (claim, self->letter.claim) == 0)
    return TRUE;
  _md_intake_set_trouble (self, NULL, FALSE);
  _md_intake_name_person (self, self->proof);
  citing = g_new0 (Citing, 1);
  citing->intake = g_object_ref (self);
  citing->id = g_strdup (self->reservation->intake);
  citing->number = g_strdup (number);
  citing->claim = g_steal_pointer (&claim);
  if (!cite (self, citing, principal, delegate, &error))
    {
      _md_intake_set_trouble_error (self, error);
      citing_free (citing);
    }
  return FALSE;
}
