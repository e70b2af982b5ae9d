// SPDX-License-Identifier: Apache-2.0
/* What is asked names a letter by its number and nobody; what is answered names nobody, either. The
 * letter's code goes nowhere. */
#include "elsewhere.h"

#include <glib/gi18n.h>

#include "md-protocol.h"

/* A clerk at the counter waits for it. */
#define CONNECT_MS 3000
#define STALL_S 8
#define AT_A_TIME 4

typedef struct
{
  Service *service;
  GDBusMethodInvocation *invocation; /* answering it gives it back */
  MdLineConfig *line;
  char *number;
  ElsewhereFunc func;
  gpointer data;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  md_line_config_free (question->line);
  g_free (question->number);
  g_free (question);
}

gboolean
elsewhere_may_have (Service *self, const char *number)
{
  gboolean own = TRUE;

  return md_wire_is_letter_number (number)
         && md_outbox_gave_number (self->outbox, number, &own, NULL) && !own;
}

/* --- In a thread of its own: the line of the queue may be busy for long --- */

static MdLetterMessage *
read_answer (const MdLineAnswer *answer, const char *number, GError **error)
{
  g_autoptr (MdProblem) problem = NULL;
  g_autoptr (MdLetterMessage) message = NULL;

  if (answer->status == 200)
    {
      message = md_letter_message_decode (answer->body, error);
      if (message == NULL || g_str_equal (message->receipt_number, number))
        return g_steal_pointer (&message);
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                           "the answer is about another letter");
      return NULL;
    }
  problem = md_problem_decode (answer->status, answer->body);
  if (problem->code == MD_PROBLEM_DELEGATION_UNKNOWN)
    g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN, "unknown");
  else if (problem->code == MD_PROBLEM_TOO_OFTEN)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "too often");
  else
    g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_UNSUPPORTED,
                         md_problem_code_name (problem->code));
  return NULL;
}

static void
ask_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  MdTarget target = { .route = MD_ROUTE_LETTER };
  g_autofree char *path = NULL;
  GError *error = NULL;
  g_autoptr (MdLineClient) client = md_line_client_new (question->line, &error);
  g_autoptr (MdLineAnswer) answer = NULL;
  MdLetterMessage *message = NULL;

  (void)g_strlcpy (target.name, question->number, sizeof target.name);
  path = md_target_format (&target);
  if (client != NULL)
    answer = md_line_client_get (client, path, NULL, MD_WIRE_MAX_LETTER, NULL, &error);
  if (answer != NULL)
    message = read_answer (answer, question->number, &error);
  if (message != NULL)
    g_task_return_pointer (task, message, (GDestroyNotify)md_letter_message_free);
  else
    g_task_return_error (task, error);
}

/* --- In words --- */

static const char no_line[]
    = N_ ("This letter of delegation was not accepted at this terminal, and the gateway cannot be "
          "asked about it now. Check the number; try again when the line works, or go on with the "
          "letter on paper.");
static const char unknown[] = N_ (
    "No accepted letter of delegation with this number is known, neither at this terminal nor "
    "at the gateway. Check the number; one that was accepted elsewhere a moment ago may still "
    "be on its way. Else go on with the letter on paper.");
static const char too_often[]
    = N_ ("This terminal has asked about so many letters of delegation of other counters that it "
          "gets no answer for up to an hour. Go on with the letter on paper, or call the "
          "administrator.");
static const char strange[] = N_ (
    "The gateway's answer about this letter of delegation is not to be understood. Go on with "
    "the letter on paper, and call the administrator.");

static GError *
in_words (const GError *error, const char **out_cause)
{
  const char *words = no_line;

  *out_cause = "no-line";
  if (g_error_matches (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN))
    {
      *out_cause = "unknown-letter";
      words = unknown;
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    {
      *out_cause = "too-often";
      words = too_often;
    }
  else if (error->domain == MD_PROTOCOL_ERROR)
    {
      *out_cause = "strange-answer";
      words = strange;
    }
  return g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE, gettext (words));
}

static MdOutboxLetter
as_kept (const MdLetterMessage *message)
{
  return (MdOutboxLetter){ .intake = message->intake,
                           .receipt_number = message->receipt_number,
                           .decision_sha256 = message->decision,
                           .procedures = message->procedures,
                           .from = message->from,
                           .to = message->to,
                           .principal = message->principal,
                           .delegate = message->delegate,
                           .ended = message->ended,
                           .given_back_at = message->given_back };
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) words = NULL;
  g_autoptr (MdLetterMessage) message = g_task_propagate_pointer (G_TASK (result), &error);
  MdOutboxLetter letter = { 0 };
  ElsewhereAnswer answer = { NULL };

  question->service->letters_asked--;
  if (message != NULL)
    {
      letter = as_kept (message);
      answer.letter = &letter;
    }
  else
    answer.error = words = in_words (error, &answer.cause);
  question->func (question->service, question->invocation, &answer, question->data);
}

void
elsewhere_ask (Service *self, GDBusMethodInvocation *invocation, const char *number,
               ElsewhereFunc func, gpointer data)
{
  Question *question = g_new0 (Question, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, answered_cb, NULL);

  *question = (Question){ .service = self,
                          .invocation = invocation,
                          .line = service_dup_line (self),
                          .number = g_strdup (number),
                          .func = func,
                          .data = data };
  question->line->connect_timeout_ms = CONNECT_MS;
  question->line->stall_timeout_s = STALL_S;
  g_task_set_source_tag (task, elsewhere_ask);
  g_task_set_task_data (task, question, question_free);
  self->letters_asked++;
  if (self->letters_asked > AT_A_TIME)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "too many at a time");
  else
    g_task_run_in_thread (task, ask_thread);
}
