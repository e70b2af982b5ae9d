// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "metrics.h"

#include "policies.h"
#include "space.h"

#include <string.h>

#define TYPE_TEXT "text/plain"

void
answer_health (Office *office, Answer *answer)
{
  static const char *const texts[]
      = { "serving\n",
          "serving, but nothing new is taken: the disk of the store is nearly full\n" };
  g_autoptr (MdProblem) space = space_find_problem (office);
  const char *text = texts[space != NULL];
  MdProblem *problem = office_find_problem (office);
  guint64 intakes = 0;
  guint64 decisions = 0;
  guint64 notes = 0;

  if (problem == NULL && !md_ledger_count (office->ledger, &intakes, &decisions, &notes, NULL))
    problem = md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_text (answer, 200, TYPE_TEXT, g_bytes_new_static (text, strlen (text)));
}

static void
add_metric (GString *text, const char *name, const char *type, const char *help, guint64 value)
{
  g_string_append_printf (
      text, "# HELP madoguchi_%s %s\n# TYPE madoguchi_%s %s\nmadoguchi_%s %" G_GUINT64_FORMAT "\n",
      name, help, name, type, name, value);
}

static void
add_counter (GString *text, const char *name, const char *help, guint64 value)
{
  add_metric (text, name, "counter", help, value);
}

static void
add_space (GString *text, Office *office)
{
  g_autoptr (MdProblem) problem = space_find_problem (office);
  guint64 left = 0;

  if (space_look (office, &left))
    add_metric (text, "store_free_bytes", "gauge", "Free on the disk of the store.", left);
  add_metric (text, "store_full", "gauge", "1 while nothing new is taken for want of room.",
              problem != NULL ? 1 : 0);
}

static void
add_policy (GString *text, const Office *office)
{
  g_autoptr (MdProblem) problem = office_find_problem (office);

  add_metric (text, "policy_version", "gauge", "The policy in force; 0: none.",
              problem == NULL ? md_policy_get_version (office->policy) : 0);
}

static void
add_terminals (GString *text, const Office *office)
{
  guint counts[POLICIES_N];

  if (!policies_count (office, counts, NULL))
    return;
  g_string_append (text, "# HELP madoguchi_policy_terminals Registered terminals, by whether the "
                         "policy in force is in force there.\n"
                         "# TYPE madoguchi_policy_terminals gauge\n");
  for (guint i = 0; i < POLICIES_N; i++)
    g_string_append_printf (text, "madoguchi_policy_terminals{standing=\"%s\"} %u\n",
                            policies_name ((PoliciesStanding)i), counts[i]);
}

void
answer_metrics (Office *office, const Counters *counters, Answer *answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 intakes = 0;
  guint64 decisions = 0;
  guint64 notes = 0;

  if (!md_ledger_count (office->ledger, &intakes, &decisions, &notes, NULL))
    {
      answer_problem (answer, md_problem_new (MD_PROBLEM_STORE_FAILED, NULL));
      return;
    }
  add_counter (text, "intakes_total", "Intakes in the store.", intakes);
  add_counter (text, "decisions_total", "Decisions in the store.", decisions);
  add_counter (text, "audit_records_total", "Records in the audit chain.", notes);
  add_policy (text, office);
  add_terminals (text, office);
  add_space (text, office);
  add_counter (text, "stored_total", "Items stored since the start.", counters->stored);
  add_counter (text, "repeated_total", "Items sent again since the start.", counters->repeated);
  add_counter (text, "tls_refused_total", "Connections refused by TLS.", counters->tls_refused);
  add_counter (text, "too_slow_total", "Connections ended for slowness.", counters->too_slow);
  add_counter (text, "not_http_total", "Requests that were no HTTP.", counters->not_http);
  add_counter (text, "relayed_total", "Answers about revocation passed on.", counters->relayed);
  add_counter (text, "notices_total", "Notices handed out.", counters->notices);
  add_counter (text, "letters_total", "Letters of delegation told of.", counters->letters);
  add_counter (text, "chunks_total", "Chunks of containers stored since the start.",
               counters->chunks);
  add_counter (text, "chunk_bytes_total", "Bytes of these chunks.", counters->chunk_bytes);
  add_counter (text, "chunk_bytes_again_total",
               "Bytes of chunks that were there before, or began elsewhere.",
               counters->chunk_bytes_again);
  add_counter (text, "cut_off_total", "Connections that ended within a request.",
               counters->cut_off);
  g_string_append (text, "# HELP madoguchi_refused_total Requests refused, by code.\n"
                         "# TYPE madoguchi_refused_total counter\n");
  for (guint i = MD_PROBLEM_UNKNOWN + 1; i <= MD_PROBLEM_LAST; i++)
    g_string_append_printf (text, "madoguchi_refused_total{code=\"%s\"} %" G_GUINT64_FORMAT "\n",
                            md_problem_code_name ((MdProblemCode)i), counters->refused[i]);
  answer_text (answer, 200, TYPE_TEXT, g_string_free_to_bytes (g_steal_pointer (&text)));
}
