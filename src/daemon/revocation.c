// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-protocol.h"

#include "policy.h"
#include "revocation-private.h"

#define FETCH_TIMEOUT_S 300
#define SOON_S 60
#define LONGEST_RETRY_S 3600

static const char waiting[] = "waiting", ok[] = "ok", missing[] = "missing",
                  unwritten[] = "unwritten";

gint64
revocation_now (const Revocation *self)
{
  return md_clock_get_wall_us (self->service->clock) / G_USEC_PER_SEC;
}

gint64
revocation_max_age (const Revocation *self)
{
  return self->service->policy != NULL
             ? (gint64)md_policy_get_jpki (self->service->policy)->crl_max_age_hours * 3600
             : 0;
}

static void
source_free (gpointer data)
{
  RevocationSource *source = data;

  g_free (source->url);
  g_free (source->key);
  g_free (source);
}

/* The window reads the folder again when this changes. */
static void
stamp (Revocation *self)
{
  md_bus_terminal1_set_crl_stamp (self->service->skeleton,
                                  (guint64)md_clock_get_wall_us (self->service->clock));
}

Revocation *
revocation_new (Service *service)
{
  Revocation *self = g_new0 (Revocation, 1);

  self->service = service;
  self->store = md_crl_store_new (service->settings->crl_dir);
  self->issuers = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  self->sources = g_ptr_array_new_with_free_func (source_free);
  g_queue_init (&self->waiting);
  return self;
}

/* The transfer under way, if any, finds nobody any more. */
static void
abandon (Revocation *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->busy = NULL;
}

void
revocation_free (Revocation *self)
{
  if (self == NULL)
    return;
  abandon (self);
  g_queue_clear_full (&self->waiting, g_object_unref);
  md_crl_store_free (self->store);
  g_ptr_array_unref (self->issuers);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

/* --- What the policy says --- */

static void
adopt_issuers (Revocation *self)
{
  static const MdAnchors kinds[] = { MD_ANCHORS_JPKI_AUTH, MD_ANCHORS_JPKI_SIGN };

  g_ptr_array_set_size (self->issuers, 0);
  for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      GPtrArray *anchors = md_policy_get_anchors (self->service->policy, kinds[kind]);

      for (guint i = 0; i < anchors->len; i++)
        {
          MdCertificate *issuer
              = md_certificate_new_from_der (g_ptr_array_index (anchors, i), NULL);

          if (issuer != NULL)
            g_ptr_array_add (self->issuers, issuer);
        }
    }
  md_crl_store_set_issuers (self->store, self->issuers);
}

static gboolean
has_sources (const Revocation *self, const char *const *urls)
{
  guint n = 0;

  for (; urls[n] != NULL && n < self->sources->len; n++)
    if (!g_str_equal (((RevocationSource *)g_ptr_array_index (self->sources, n))->url, urls[n]))
      return FALSE;
  return urls[n] == NULL && n == self->sources->len;
}

void
revocation_adopt (Revocation *self)
{
  const char *const *urls;

  if (self->service->policy == NULL)
    return;
  adopt_issuers (self);
  stamp (self);
  urls = md_policy_get_jpki (self->service->policy)->crl_urls;
  if (has_sources (self, urls))
    return;
  abandon (self);
  g_ptr_array_set_size (self->sources, 0);
  for (guint i = 0; urls[i] != NULL; i++)
    {
      RevocationSource *source = g_new0 (RevocationSource, 1);

      source->owner = self;
      source->number = i + 1;
      source->url = g_strdup (urls[i]);
      source->state = waiting;
      g_ptr_array_add (self->sources, source);
    }
}

/* --- What came --- */

static guint32
random_number (void)
{
  guint32 number;

  md_random_fill (&number, sizeof number);
  return number;
}

static void
record (Revocation *self, const RevocationSource *source, MdAuditOutcome outcome, const char *cause)
{
  g_autofree char *detail = g_strdup_printf ("cause=%s source=%u", cause, source->number);
  MdAuditEntry entry = { .event = "crl", .outcome = outcome, .detail = detail };
  g_autoptr (GError) error = NULL;

  if (self->service->audit != NULL && !md_audit_record_now (self->service->audit, &entry, &error))
    g_message ("%s", error->message);
}

static gboolean
is_trouble (const char *state)
{
  return state != waiting && state != ok;
}

static void
wait_longer (Revocation *self, RevocationSource *source)
{
  source->tries++;
  source->next = revocation_now (self) + md_crl_retry_delay (source->tries, random_number ());
}

/* Told in the log once, not at every try. What was refused was there, and was not right. */
static void
fail (Revocation *self, RevocationSource *source, const char *word)
{
  const gboolean refused = word != missing && word != unwritten;

  wait_longer (self, source);
  if (g_str_equal (source->state, word))
    return;
  source->state = word;
  record (self, source, refused ? MD_AUDIT_REFUSED : MD_AUDIT_FAILED, word);
}

/* A list that counts lies there: the same as before, when the next one is not out yet. */
static void
settle (Revocation *self, RevocationSource *source)
{
  const MdCrlEntry *entry = md_crl_store_find (self->store, source->key);
  const gint64 now = revocation_now (self);

  if (is_trouble (source->state))
    record (self, source, MD_AUDIT_DONE, "valid");
  source->state = ok;
  source->success = now;
  source->next = md_crl_entry_get_renewal (entry, revocation_max_age (self), random_number ());
  if (source->next > now)
    source->tries = 0;
  else
    wait_longer (self, source);
}

static void
take (Revocation *self, RevocationSource *source, GBytes *list)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  MdCrlOffer offer = MD_CRL_OFFER_UNREADABLE;

  if (!md_crl_store_offer (self->store, list, revocation_now (self), &offer, &key, &error))
    {
      g_message ("%s", error->message);
      fail (self, source, unwritten);
      return;
    }
  if (offer != MD_CRL_OFFER_TAKEN && offer != MD_CRL_OFFER_SAME)
    {
      fail (self, source, md_crl_offer_to_string (offer));
      return;
    }
  g_free (source->key);
  source->key = g_steal_pointer (&key);
  settle (self, source);
  if (offer == MD_CRL_OFFER_TAKEN)
    stamp (self);
}

gboolean
revocation_add (Revocation *self, GBytes *list, MdCrlOffer *out_offer, GError **error)
{
  g_autofree char *key = NULL;

  if (!md_crl_store_offer (self->store, list, revocation_now (self), out_offer, &key, error))
    return FALSE;
  if (*out_offer == MD_CRL_OFFER_TAKEN)
    stamp (self);
  return TRUE;
}

/* --- Fetching --- */

/* Where a list is fetched from. */
typedef struct
{
  char *url;
  MdLineConfig *line; /* NULL: not by way of the gateway */
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->url);
  g_clear_pointer (&place->line, md_line_config_free);
  g_free (place);
}

static GBytes *
fetch_by_gateway (const Place *place, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdLineClient) client = md_line_client_new (place->line, error);
  g_autoptr (MdLineAnswer) answer
      = client != NULL
            ? md_line_client_get (client, place->url, NULL, MD_WIRE_MAX_CRL, cancellable, error)
            : NULL;

  if (answer != NULL && answer->status == 200)
    return g_bytes_ref (answer->body);
  if (answer != NULL)
    g_set_error (error, MD_LINE_ERROR, MD_LINE_ERROR_PROTOCOL, "the gateway answered %u",
                 answer->status);
  return NULL;
}

static void
fetch_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Place *place = data;
  GError *error = NULL;
  GBytes *list = place->line != NULL
                     ? fetch_by_gateway (place, cancellable, &error)
                     : md_fetch (place->url, MD_LIMIT_CRL, FETCH_TIMEOUT_S, cancellable, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RevocationSource *source = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = g_task_propagate_pointer (G_TASK (result), &error);
  Revocation *self;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return; /* the source is gone, and perhaps the service */
  self = source->owner;
  self->busy = NULL;
  g_clear_object (&self->cancellable);
  if (list != NULL)
    take (self, source, list);
  else
    {
      g_debug ("%s: %s", source->url, error->message);
      fail (self, source, missing);
    }
  service_refresh (self->service);
  revocation_tick (self);
}

static void
fetch (Revocation *self, RevocationSource *source)
{
  Place *place = g_new0 (Place, 1);
  GTask *task;

  place->url = g_strdup (source->url);
  place->line = md_wire_is_list_path (source->url) ? service_dup_line (self->service) : NULL;
  self->busy = source;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, fetched_cb, source);
  g_task_set_source_tag (task, fetch);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, place, place_free);
  g_task_run_in_thread (task, fetch_thread);
  g_object_unref (task);
}

/* The round is over for those who asked for it. */
static void
answer_waiting (Revocation *self)
{
  GDBusMethodInvocation *call;

  while ((call = g_queue_pop_head (&self->waiting)) != NULL)
    md_bus_terminal1_complete_fetch_lists (self->service->skeleton, call,
                                           revocation_list_sources (self));
}

/* Also when the clock was set back behind what was done by it. */
static gboolean
is_due (const RevocationSource *source, gint64 now)
{
  return source->next <= now || source->success > now + SOON_S
         || (is_trouble (source->state) && source->next > now + LONGEST_RETRY_S);
}

void
revocation_tick (Revocation *self)
{

  if (self->busy != NULL)
    return;
  for (guint i = 0; i < self->sources->len; i++)
    {
      RevocationSource *source = g_ptr_array_index (self->sources, i);

      if (is_due (source, revocation_now (self)))
        {
          fetch (self, source);
          return;
        }
    }
  answer_waiting (self);
}

void
revocation_fetch (Revocation *self, GDBusMethodInvocation *call)
{
  g_queue_push_tail (&self->waiting, call);
  for (guint i = 0; i < self->sources->len; i++)
    ((RevocationSource *)g_ptr_array_index (self->sources, i))->next = 0;
  revocation_tick (self);
}
