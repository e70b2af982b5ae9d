// SPDX-License-Identifier: Apache-2.0
/* The window's questions about certificates, brought to the responder. What travels is not kept and
 * not logged: a certificate's number stands for a person. */
#include <glib/gi18n.h>

#include "md-line.h"
#include "md-protocol.h"

#include "call.h"
#include "policy.h"

#define AT_A_TIME 4
#define A_MINUTE 60

/* What is under way, and how many were in the last minute. */
struct OcspTraffic
{
  guint under_way;
  guint in_this_minute;
  gint64 minute; /* monotonic, when it began */
};

typedef struct
{
  char *url;
  MdLineConfig *line; /* NULL: not by way of the gateway */
  GBytes *request;
  guint timeout_s;
  Service *service;
  GDBusMethodInvocation *invocation; /* answering it gives it back */
} Question;

/* Both questions have the same answer: "(ay)". */
static void
give_answer (GDBusMethodInvocation *invocation, GBytes *answer)
{
  g_dbus_method_invocation_return_value (
      invocation,
      g_variant_new ("(@ay)", g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, answer, TRUE)));
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->url);
  g_clear_pointer (&question->line, md_line_config_free);
  g_bytes_unref (question->request);
  g_free (question);
}

/* By the line, on a connection of its own: the one of the queue may be busy for long. */
static GBytes *
ask_gateway (const Question *question, char **out_problem)
{
  const MdLineQuestion asked = { .path = question->url,
                                 .content_type = MD_WIRE_TYPE_OCSP_REQUEST,
                                 .body = question->request,
                                 .max = MD_WIRE_MAX_OCSP_RESPONSE,
                                 .timeout_s = question->timeout_s };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLineClient) client = md_line_client_new (question->line, &error);
  g_autoptr (MdLineAnswer) answer
      = client != NULL ? md_line_client_ask (client, &asked, NULL, &error) : NULL;
  g_autoptr (MdProblem) problem = NULL;

  if (answer != NULL && answer->status == 200)
    return g_bytes_ref (answer->body);
  if (answer != NULL)
    problem = md_problem_decode (answer->status, answer->body);
  *out_problem = g_strdup (problem != NULL ? md_problem_code_name (problem->code) : error->message);
  return NULL;
}

static void
ask_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  char *problem = NULL;
  GBytes *answer = question->line != NULL ? ask_gateway (question, &problem)
                                          : md_ocsp_ask_http (question->url, question->request,
                                                              question->timeout_s, &problem);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_new_error (task, MD_BUS_ERROR, MD_BUS_ERROR_NO_ANSWER, "%s", problem);
  g_free (problem);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Question *question = g_task_get_task_data (G_TASK (result));
  GDBusMethodInvocation *invocation = g_steal_pointer (&question->invocation);
  GError *error = NULL;
  g_autoptr (GBytes) answer = g_task_propagate_pointer (G_TASK (result), &error);

  question->service->questions->under_way--;
  if (answer == NULL)
    call_fail (invocation, error);
  else
    give_answer (invocation, answer);
}

/* A desk asks once per person: more than one a second is no desk at work. */
static gboolean
is_too_much (struct OcspTraffic *traffic)
{
  const gint64 now = g_get_monotonic_time ();

  if (traffic->minute == 0 || now - traffic->minute > A_MINUTE * G_USEC_PER_SEC)
    {
      traffic->minute = now;
      traffic->in_this_minute = 0;
    }
  if (traffic->under_way >= AT_A_TIME || traffic->in_this_minute >= A_MINUTE)
    return TRUE;
  traffic->in_this_minute++;
  return FALSE;
}

static void
ask (Service *self, GDBusMethodInvocation *invocation, const char *url, GBytes *request)
{
  const MdPolicyJpki *rules = md_policy_get_jpki (self->policy);
  Question *question = g_new0 (Question, 1);
  GTask *task = g_task_new (NULL, NULL, answered_cb, NULL);

  question->url = g_strdup (url);
  question->line = g_str_equal (url, MD_WIRE_OCSP_PATH) ? service_dup_line (self) : NULL;
  question->timeout_s = rules->ocsp_timeout_s;
  question->request = g_bytes_ref (request);
  question->service = self;
  question->invocation = invocation;
  g_task_set_source_tag (task, ask);
  g_task_set_task_data (task, question, question_free);
  self->questions->under_way++;
  g_task_run_in_thread (task, ask_thread);
  g_object_unref (task);
}

/* @url may be NULL. That there is nobody to ask is no refusal: the lists have to do then. */
static void
take_question (Service *self, GDBusMethodInvocation *invocation, const char *url, GVariant *value)
{
  g_autoptr (GBytes) request = g_variant_get_data_as_bytes (value);

  if (!md_policy_may_ask_ocsp (self->policy, url))
    call_fail_literal (invocation, MD_BUS_ERROR_NO_RESPONDER,
                       _ ("The policy names no revocation service to ask."));
  else if (!md_ocsp_is_request (request))
    call_reject_literal (self, invocation, "strange-question", MD_BUS_ERROR_INVALID,
                         _ ("This is no question about one certificate."));
  else if (is_too_much (self->questions))
    call_reject_literal (self, invocation, "too-many", MD_BUS_ERROR_BUSY,
                         _ ("Too many questions about certificates at once. Wait a moment."));
  else
    ask (self, invocation, url, request);
}

static gboolean
ask_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
        GVariant *request, gpointer user_data)
{
  Service *self = user_data;

  if (call_officer (self, invocation, session) != NULL)
    take_question (self, invocation, md_policy_get_jpki (self->policy)->ocsp_url, request);
  return TRUE;
}

static gboolean
ask_at_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
           const char *url, GVariant *request, gpointer user_data)
{
  Service *self = user_data;

  if (call_officer (self, invocation, session) != NULL)
    take_question (self, invocation, url, request);
  return TRUE;
}

void
ocsp_connect (Service *self)
{
  self->questions = g_new0 (struct OcspTraffic, 1);
  g_signal_connect (self->skeleton, "handle-ask-ocsp", G_CALLBACK (ask_cb), self);
  g_signal_connect (self->skeleton, "handle-ask-ocsp-at", G_CALLBACK (ask_at_cb), self);
}

void
ocsp_disconnect (Service *self)
{
  g_clear_pointer (&self->questions, g_free);
}
