// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "policies.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <md-base.h>
#include <string.h>
#include "asked.h"

const char *
policies_name (PoliciesStanding standing)
{
  static const char *const names[POLICIES_N] = { [POLICIES_CURRENT] = "current",
                                                 [POLICIES_BEHIND] = "behind",
                                                 [POLICIES_REFUSED] = "refused",
                                                 [POLICIES_NEVER] = "never" };

  return names[standing];
}

/* --- What a terminal says --- */

/* What it says that it did not take: the version (0: it says nothing that can be meant), and why,
 * which stands in the request. */
static guint
read_refused (const Office *office, struct evhttp_request *request, const char **out_cause)
{
  static const char *const causes[] = { "unreadable", "signature", "invalid", "expired",
                                        "older",      "changed",   "foreign", "unavailable" };
  guint count = 0;
  const char *said = asked_find_header (request, MD_WIRE_HEADER_POLICY_REFUSED, &count);
  const char *space = count == 1 ? strchr (said, ' ') : NULL;
  g_autofree char *etag = space != NULL ? g_strndup (said, (gsize)(space - said)) : NULL;

  for (guint i = 0; etag != NULL && i < G_N_ELEMENTS (causes); i++)
    if (strcmp (space + 1, causes[i]) == 0)
      {
        *out_cause = causes[i];
        return office_find_version (office, etag);
      }
  return 0;
}

/* That the store fails takes nothing from the terminal: it is told again in a few seconds. */
static void
tell (const Office *office, const Peer *peer, guint version, guint refused, const char *cause)
{
  const MdLedgerInForce told = { .office = (char *)(gsize)peer->office,
                                 .terminal = (char *)(gsize)peer->terminal,
                                 .version = version,
                                 .seen = g_get_real_time (),
                                 .refused = refused,
                                 .cause = (char *)(gsize)cause };
  g_autoptr (GError) error = NULL;

  if (!md_ledger_tell_in_force (office->ledger, &told, &error))
    g_message ("the policy of terminal=%s could not be recorded: %s", peer->terminal,
               error->message);
}

/* Takes down what the admitted @peer says of its policy. TRUE: there is nothing to send to it. */
static gboolean
hear (Office *office, const Peer *peer, struct evhttp_request *request)
{
  guint count = 0;
  const char *known = asked_find_header (request, "If-None-Match", &count);
  const char *cause = NULL;
  guint version = 0;
  guint refused = 0;
  guint newest = 0;

  if (count == 1 && office_find_version (office, known) == 0)
    office_follow (office);
  version = count == 1 ? office_find_version (office, known) : 0;
  refused = read_refused (office, request, &cause);
  newest = md_policy_get_version (office->policy);
  if (count == 1 || refused > 0) /* else it says nothing of it */
    tell (office, peer, version, refused, cause);
  return version >= newest || refused == newest;
}

void
policies_answer (Office *office, const Peer *peer, struct evhttp_request *request, Answer *answer)
{
  MdProblem *problem = admit_peer (office, peer);
  const gboolean has_it = problem == NULL && hear (office, peer, request);

  if (problem == NULL)
    problem = admit_peer (office, peer); /* by what is in force now */
  if (problem != NULL)
    {
      answer_problem (answer, problem);
      return;
    }
  answer->etag = office->policy_etag;
  if (has_it)
    answer->status = 304;
  else
    answer_text (answer, 200, MD_WIRE_TYPE_POLICY, g_bytes_ref (office->policy_bundle));
}

/* --- Where they stand --- */

/* What the terminals of the office said last, by their names. (transfer full); NULL with @error. */
static GHashTable *
read_said (MdLedger *ledger, const char *office, GError **error)
{
  g_autoptr (GPtrArray) list = md_ledger_list_in_force (ledger, error);
  GHashTable *said = NULL;

  if (list == NULL)
    return NULL;
  said = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                (GDestroyNotify)md_ledger_in_force_free);
  while (list->len > 0)
    {
      MdLedgerInForce *one = g_ptr_array_steal_index_fast (list, list->len - 1);

      if (strcmp (one->office, office) == 0)
        g_hash_table_insert (said, one->terminal, one);
      else
        md_ledger_in_force_free (one);
    }
  return said;
}

static PoliciesStanding
judge (const MdLedgerInForce *said, guint newest)
{
  if (said != NULL && said->version >= newest)
    return POLICIES_CURRENT;
  if (said != NULL && said->refused >= newest)
    return POLICIES_REFUSED;
  return said != NULL && said->version > 0 ? POLICIES_BEHIND : POLICIES_NEVER;
}

gboolean
policies_count (const Office *office, guint out_counts[POLICIES_N], GError **error)
{
  g_autoptr (GHashTable) said = NULL;
  const GPtrArray *terminals = NULL;

  memset (out_counts, 0, POLICIES_N * sizeof *out_counts);
  if (office->policy == NULL)
    return TRUE;
  said = read_said (office->ledger, md_policy_get_office (office->policy), error);
  if (said == NULL)
    return FALSE;
  terminals = md_policy_get_terminals (office->policy);
  for (guint i = 0; i < terminals->len; i++)
    {
      const MdPolicyTerminal *terminal = terminals->pdata[i];

      out_counts[judge (g_hash_table_lookup (said, terminal->id),
                        md_policy_get_version (office->policy))]++;
    }
  return TRUE;
}

/* --- The list --- */

/* The newest one that was in force by the store, and can be verified. */
static MdPolicy *
read_newest (MdLedger *ledger, const GatewaySettings *settings, gint64 *out_taken, GError **error)
{
  g_autoptr (GPtrArray) list = md_ledger_list_policies (ledger, error);
  g_autofree char *data = NULL;
  gsize size = 0;
  g_autoptr (GBytes) anchor = NULL;

  if (list == NULL || !g_file_get_contents (settings->anchor, &data, &size, error))
    return NULL;
  anchor = g_bytes_new_take (g_steal_pointer (&data), size);
  for (guint i = list->len; i > 0; i--)
    {
      const MdLedgerPolicy *kept = list->pdata[i - 1];
      const MdPolicyExpect expect = { .now = 0 };
      MdPolicy *policy = md_policy_new_from_bundle (kept->bundle, anchor, &expect, NULL);

      *out_taken = kept->taken;
      if (policy != NULL)
        return policy;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "no policy was ever in force by this store");
  return NULL;
}

static gint64
seconds_since (gint64 moment)
{
  return MAX (g_get_real_time () - moment, 0) / G_TIME_SPAN_SECOND;
}

static void
add_time (JsonObject *object, const char *name, gint64 moment)
{
  g_autofree char *time = md_time_format_rfc3339 (moment);

  json_object_set_string_member (object, name, time);
}

static JsonObject *
describe (const MdPolicyTerminal *terminal, const MdLedgerInForce *said, guint newest, gint64 taken)
{
  const PoliciesStanding standing = judge (said, newest);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "terminal", terminal->id);
  json_object_set_string_member (object, "standing", policies_name (standing));
  json_object_set_int_member (object, "newest", newest);
  if (standing != POLICIES_CURRENT)
    json_object_set_int_member (object, "behind_s", seconds_since (taken));
  if (said == NULL)
    return object;
  json_object_set_int_member (object, "version", said->version);
  json_object_set_int_member (object, "highest", said->highest);
  add_time (object, "since", said->since);
  json_object_set_int_member (object, "age_s", seconds_since (said->since));
  add_time (object, "seen", said->seen);
  if (said->refused > 0)
    {
      json_object_set_int_member (object, "refused", said->refused);
      json_object_set_string_member (object, "cause", said->cause);
    }
  return object;
}

static void
print_line (JsonObject *object)
{
  static const char *const names[]
      = { "version", "since", "age_s", "seen", "highest", "refused", "cause" };

  g_print ("%s\t%s", json_object_get_string_member (object, "terminal"),
           json_object_get_string_member (object, "standing"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonNode *node = json_object_get_member (object, names[i]);

      if (node == NULL)
        g_print ("\t-");
      else if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_print ("\t%s", json_node_get_string (node));
      else
        g_print ("\t%" G_GINT64_FORMAT, json_node_get_int (node));
    }
  g_print ("\n");
}

gboolean
policies_print (const GatewaySettings *settings, gboolean json, GError **error)
{
  const MdLedgerUse use = { .office = "", .place = "gateway" };
  g_autoptr (MdLedger) ledger = md_ledger_open (settings->ledger, &use, error);
  gint64 taken = 0;
  g_autoptr (MdPolicy) policy
      = ledger != NULL ? read_newest (ledger, settings, &taken, error) : NULL;
  g_autoptr (GHashTable) said
      = policy != NULL ? read_said (ledger, md_policy_get_office (policy), error) : NULL;
  const GPtrArray *terminals = said != NULL ? md_policy_get_terminals (policy) : NULL;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  g_autoptr (JsonArray) array = json_array_new ();

  if (terminals == NULL)
    return FALSE;
  for (guint i = 0; i < terminals->len; i++)
    {
      const MdPolicyTerminal *terminal = terminals->pdata[i];
      JsonObject *object = describe (terminal, g_hash_table_lookup (said, terminal->id),
                                     md_policy_get_version (policy), taken);

      if (!json)
        print_line (object);
      json_array_add_object_element (array, object);
    }
  json_node_set_array (root, array);
  if (json)
    {
      g_autofree char *text = json_to_string (root, TRUE);

      g_print ("%s\n", text);
    }
  return TRUE;
}
