// SPDX-License-Identifier: Apache-2.0
/* What goes by a medium while the line is down: put together for the administrator, and released by
 * the signature of an officer who may. */
#include <string.h>
#include <glib/gi18n.h>
#include "md-seal.h"

#include "call.h"
#include "medium.h"
#include "policy.h"

/* From putting it together to the signature. */
#define PATIENCE_US (15 * 60 * G_USEC_PER_SEC)

typedef struct
{
  Service *service;
  GBytes *json;
  GBytes *signature;
  const char *key;
  const char *cause;
  GError *error;
} Case;

static gboolean
refuse (Case *c, const char *cause, MdBusError code, const char *message)
{
  c->cause = cause;
  c->error = g_error_new_literal (MD_BUS_ERROR, (gint)code, message);
  return FALSE;
}

/* --- Putting it together --- */

/* What the caller asked for. */
typedef struct
{
  const char *officer;
  const char *carrier;
  const char *purpose;
  guint64 room;
} Wanted;

static const char *
find_role (MdPolicy *policy, const char *officer)
{
  for (guint i = 0; i < MD_N_ROLES; i++)
    if (md_policy_may_release_medium (policy, officer, md_role_to_id ((MdRole)i)) == MD_MAY_YES)
      return md_role_to_id ((MdRole)i);
  return NULL;
}

static gboolean
check_people (Case *c, const char *officer, const char *role, const char *carrier)
{
  MdPolicy *policy = c->service->policy;
  const MdMay may
      = role != NULL ? md_policy_may_release_medium (policy, officer, role) : MD_MAY_NOT_ROLE;

  if (may != MD_MAY_YES)
    return refuse (c, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may));
  if (md_policy_get_staff (policy, carrier) == NULL)
    return refuse (c, "unknown-officer", MD_BUS_ERROR_INVALID,
                   _ ("Whoever carries the medium must be an officer whom the policy names."));
  if (g_str_equal (officer, carrier))
    return refuse (c, "same-officer", MD_BUS_ERROR_SAME_OFFICER,
                   _ ("Whoever releases the medium does not carry it. Hand it to another "
                      "officer."));
  return TRUE;
}

static MdMediumList *
fill_in (Case *c, const char *medium, const Wanted *wanted, const char *role)
{
  Service *self = c->service;
  MdMediumList *list = md_medium_list_new ();

  list->bundle = md_uuid7_new (self->clock);
  list->medium = g_strdup (medium);
  list->office = g_strdup (self->settings->office);
  list->terminal = g_strdup (self->settings->terminal);
  list->officer = g_strdup (wanted->officer);
  list->role = g_strdup (role);
  list->carrier = g_strdup (wanted->carrier);
  list->purpose = g_strdup (wanted->purpose);
  list->policy_version = md_policy_get_version (self->policy);
  list->policy_digest = g_strdup (md_policy_get_digest (self->policy));
  list->time = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  return list;
}

/* No copy that nobody needs: while the line works, for a drill alone. */
static gboolean
check_purpose (Case *c, const char *purpose)
{
  if (!md_medium_is_purpose (purpose))
    return refuse (c, "invalid", MD_BUS_ERROR_INVALID,
                   _ ("The purpose is \"line-down\" or \"drill\"."));
  if (g_str_equal (purpose, "line-down")
      && md_delivery_get_state (c->service->delivery) == MD_LINE_STATE_ONLINE)
    return refuse (c, "line-works", MD_BUS_ERROR_WRONG_STATE,
                   _ ("The line to the back office works, and nothing has to go by a medium. For "
                      "a drill say so as the purpose."));
  return TRUE;
}

static GBytes *
put_together (Case *c, const char *medium, const Wanted *wanted)
{
  Service *self = c->service;
  const char *role = find_role (self->policy, wanted->officer);
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (MdMediumList) list = NULL;

  c->cause = "medium-not-usable";
  if (!check_purpose (c, wanted->purpose)
      || !check_people (c, wanted->officer, role, wanted->carrier)
      || !md_outbox_check_medium (self->outbox, medium, c->key, &c->error))
    return NULL;
  c->cause = "unreadable";
  waiting = md_outbox_list_for_medium (self->outbox, MD_MEDIUM_MAX_ITEMS, wanted->room, &c->error);
  if (waiting == NULL)
    return NULL;
  if (waiting->len == 0)
    {
      (void)refuse (c, "none", MD_BUS_ERROR_WRONG_STATE,
                    _ ("Nothing waits that could go by this medium: there is nothing, it is on "
                       "another medium, or there is no room for it here."));
      return NULL;
    }
  list = fill_in (c, medium, wanted, role);
  for (guint i = 0; i < waiting->len; i++)
    {
      const MdOutboxItem *item = g_ptr_array_index (waiting, i);
      const MdMediumItem row
          = { .intake = item->intake, .n = item->n, .sha256 = item->digest, .size = item->size };

      md_medium_list_add (list, &row);
    }
  return md_medium_list_encode (list, &c->error);
}

static void
answer_refused (Case *c, GDBusMethodInvocation *invocation)
{
  MdAuditEntry entry = call_entry (NULL, "medium");

  call_refuse (c->service, invocation, &entry, c->cause, c->error);
}

static gboolean
has_policy (Service *self, GDBusMethodInvocation *invocation)
{
  policy_watch (self);
  if (policy_in_force (self) != NULL)
    return TRUE;
  call_reject_literal (self, invocation, "no-policy", MD_BUS_ERROR_NO_POLICY,
                       _ ("This terminal has no valid policy any more. Call the administrator."));
  return FALSE;
}

static gboolean
prepare_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *medium,
            const char *key, GVariant *asked, gpointer user_data)
{
  Service *self = user_data;
  Case c = { .service = self, .key = key };
  Wanted wanted = { "", "", "", 0 };
  g_autoptr (GBytes) json = NULL;

  if (!call_is_administrator (self, invocation, "medium") || !has_policy (self, invocation))
    return TRUE;
  (void)g_variant_lookup (asked, "officer", "&s", &wanted.officer);
  (void)g_variant_lookup (asked, "carrier", "&s", &wanted.carrier);
  (void)g_variant_lookup (asked, "purpose", "&s", &wanted.purpose);
  (void)g_variant_lookup (asked, "room", "t", &wanted.room);
  json = put_together (&c, medium, &wanted);
  if (json != NULL)
    md_bus_terminal1_complete_prepare_medium (
        object, invocation, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, json, TRUE));
  else
    answer_refused (&c, invocation);
  return TRUE;
}

/* --- Released --- */

static gboolean
check_content (Case *c, const MdMediumList *list)
{
  Service *self = c->service;
  const gint64 now = md_clock_get_wall_us (self->clock);
  gint64 made = 0;

  if (g_strcmp0 (list->office, self->settings->office) != 0
      || g_strcmp0 (list->terminal, self->settings->terminal) != 0)
    return refuse (c, "other-terminal", MD_BUS_ERROR_RELEASE_INVALID,
                   _ ("The list is another terminal's. Put it together here."));
  if (list->policy_version != md_policy_get_version (self->policy)
      || g_strcmp0 (list->policy_digest, md_policy_get_digest (self->policy)) != 0)
    return refuse (c, "policy-changed", MD_BUS_ERROR_POLICY_CHANGED,
                   _ ("The office's policy changed meanwhile. Put the list together anew."));
  if (!md_time_parse_rfc3339 (list->time, &made, NULL) || made > now || now - made > PATIENCE_US)
    return refuse (c, "time", MD_BUS_ERROR_RELEASE_INVALID,
                   _ ("The list was put together too long ago. Put it together anew."));
  return TRUE;
}

/* The list, when the officer whom it names may release it, and has. */
static MdMediumList *
check_release (Case *c)
{
  Service *self = c->service;
  const gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (MdMediumList) list = NULL;
  const MdPolicyStaff *officer = NULL;

  c->cause = "verification";
  list = md_medium_list_verify (c->json, c->signature, self->staff_trust, now, &signer, &c->error);
  if (list == NULL)
    {
      call_translate (&c->error);
      if (c->error->code == MD_BUS_ERROR_CONTAINER_INVALID)
        c->error->code = MD_BUS_ERROR_RELEASE_INVALID;
      return NULL;
    }
  if (!check_people (c, list->officer, list->role, list->carrier) || !check_content (c, list))
    return NULL;
  officer = md_policy_get_staff (self->policy, list->officer);
  if (officer->sign == NULL
      || !g_bytes_equal (md_certificate_get_der (md_cms_signer_get_certificate (signer)),
                         officer->sign))
    {
      (void)refuse (c, "foreign-signature", MD_BUS_ERROR_SIGNATURE_INVALID,
                    _ ("The release is not signed with the officer's own staff card."));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* With the key by which the gateway knows this terminal on the line. */
static GBytes *
sign_as_terminal (Case *c)
{
  g_autoptr (MdLineConfig) line = service_dup_line (c->service);
  const gint64 now = md_clock_get_wall_us (c->service->clock) / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) chain = NULL;
  g_autoptr (MdKey) key = NULL;
  g_autoptr (MdCertificate) own = NULL;

  c->cause = "certificate";
  chain = md_certificate_list_from_file (line->certificate, &c->error);
  key = chain != NULL ? md_key_new_from_file (line->key, NULL, &c->error) : NULL;
  if (key == NULL)
    return NULL;
  own = md_certificate_ref (g_ptr_array_index (chain, 0));
  g_ptr_array_remove_index (chain, 0);
  return md_cms_sign_detached (c->json, key, own, chain, now, &c->error);
}

static gboolean
store (Case *c, const MdMediumList *list)
{
  g_autofree MdOutboxMediumItem *items = g_new0 (MdOutboxMediumItem, list->items->len);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, c->json);
  g_autofree char *detail
      = g_strdup_printf ("what=medium-released medium=%s items=%u purpose=%s carrier=%s",
                         list->medium, list->items->len, list->purpose, list->carrier);
  MdAuditEntry entry
      = call_entry (md_policy_get_staff (c->service->policy, list->officer), "medium");
  const MdOutboxHandOut act = { .id = list->bundle,
                                .medium = list->medium,
                                .key = c->key,
                                .officer = list->officer,
                                .carrier = list->carrier,
                                .purpose = list->purpose,
                                .list = c->json,
                                .signature = c->signature,
                                .digest = digest,
                                .items = items,
                                .n_items = list->items->len };

  for (guint i = 0; i < list->items->len; i++)
    {
      const MdMediumItem *item = g_ptr_array_index (list->items, i);

      items[i] = (MdOutboxMediumItem){
        .intake = item->intake, .n = item->n, .digest = item->sha256, .size = item->size
      };
    }
  entry.detail = detail;
  c->cause = "not-released";
  return md_outbox_hand_out (c->service->outbox, &act, &entry, &c->error);
}

static gboolean
release_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *key,
            GVariant *json, GVariant *signature, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GBytes) list_bytes = g_variant_get_data_as_bytes (json);
  g_autoptr (GBytes) signature_bytes = g_variant_get_data_as_bytes (signature);
  Case c = { .service = self, .json = list_bytes, .signature = signature_bytes, .key = key };
  g_autoptr (MdMediumList) list = NULL;
  g_autoptr (GBytes) own = NULL;

  if (!call_is_administrator (self, invocation, "medium") || !has_policy (self, invocation))
    return TRUE;
  list = check_release (&c);
  own = list != NULL ? sign_as_terminal (&c) : NULL;
  if (own == NULL || !store (&c, list))
    answer_refused (&c, invocation);
  else
    md_bus_terminal1_complete_release_medium (
        object, invocation, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, own, TRUE));
  return TRUE;
}

void
medium_release_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-prepare-medium", G_CALLBACK (prepare_cb), self);
  g_signal_connect (self->skeleton, "handle-release-medium", G_CALLBACK (release_cb), self);
}
