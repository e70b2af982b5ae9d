// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (MdDelivery, md_delivery, G_TYPE_OBJECT)

#define RETRY_BASE_MS 5000
#define RETRY_MAX_MS 900000
#define PROBE_MS 10000
#define BACK_MS 300000

static guint signals[MD_DELIVERY_N_SIGNALS];

const char *
md_line_state_name (MdLineState state)
{
  static const char *const names[] = { "offline", "online", "attention" };

  g_return_val_if_fail ((gsize)state < G_N_ELEMENTS (names), "attention");
  return names[state];
}

/* --- Signals, carried from the thread to the owner's main context --- */

typedef struct
{
  MdDelivery *delivery;
  MdDeliverySignal signal;
  char *text; /* intake, or the policy's ETag */
  guint n;
  char *code;
  GBytes *bundle;
} Telling;

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_object_unref (telling->delivery);
  g_free (telling->text);
  g_free (telling->code);
  g_clear_pointer (&telling->bundle, g_bytes_unref);
  g_free (telling);
}

static gboolean
tell_cb (gpointer data)
{
  Telling *telling = data;
  guint id = signals[telling->signal];

  switch (telling->signal)
    {
    case MD_DELIVERY_SIGNAL_ACKNOWLEDGED:
      g_signal_emit (telling->delivery, id, 0, telling->text, telling->n);
      break;
    case MD_DELIVERY_SIGNAL_QUARANTINED:
      g_signal_emit (telling->delivery, id, 0, telling->text, telling->n, telling->code);
      break;
    case MD_DELIVERY_SIGNAL_POLICY:
      g_signal_emit (telling->delivery, id, 0, telling->bundle, telling->text);
      break;
    case MD_DELIVERY_SIGNAL_NOTICE:
      g_signal_emit (telling->delivery, id, 0, telling->n, telling->bundle);
      break;
    case MD_DELIVERY_SIGNAL_ADDRESS:
      g_signal_emit (telling->delivery, id, 0, telling->n, telling->code);
      break;
    case MD_DELIVERY_SIGNAL_RENEWAL:
      g_signal_emit (telling->delivery, id, 0, telling->code);
      break;
    case MD_DELIVERY_SIGNAL_STATE:
    case MD_DELIVERY_N_SIGNALS:
    default:
      g_signal_emit (telling->delivery, id, 0);
      break;
    }
  return G_SOURCE_REMOVE;
}

static Telling *
telling_new (MdDelivery *self, MdDeliverySignal signal)
{
  Telling *telling = g_new0 (Telling, 1);

  telling->delivery = g_object_ref (self);
  telling->signal = signal;
  return telling;
}

/* An idle source rather than an invocation, so that no handler ever runs in the delivery's thread.
 */
static void
telling_send (Telling *telling)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, telling, telling_free);
  g_source_attach (source, telling->delivery->context);
}

void
_md_delivery_set_standing (MdDelivery *self, MdLineState state, const char *reason,
                           const char *detail)
{
  gboolean news = FALSE;

  g_mutex_lock (&self->lock);
  news = self->standing.state != state || self->standing.reason != reason
         || g_strcmp0 (self->detail, detail) != 0;
  self->standing = (MdDeliveryStanding){ state, reason };
  g_free (self->detail);
  self->detail = g_strdup (detail);
  g_cond_signal (&self->standing_changed);
  g_mutex_unlock (&self->lock);
  if (news)
    telling_send (telling_new (self, MD_DELIVERY_SIGNAL_STATE));
}

void
_md_delivery_tell_item (MdDelivery *self, MdDeliverySignal signal, const MdDeliveryItem *item,
                        const char *code)
{
  Telling *telling = telling_new (self, signal);

  telling->text = g_strdup (item->intake);
  telling->n = item->n;
  telling->code = g_strdup (code);
  telling_send (telling);
}

void
_md_delivery_tell_policy (MdDelivery *self, GBytes *bundle, const char *etag)
{
  Telling *telling = telling_new (self, MD_DELIVERY_SIGNAL_POLICY);

  telling->bundle = g_bytes_ref (bundle);
  telling->text = g_strdup (etag);
  telling_send (telling);
}

void
_md_delivery_tell_notice (MdDelivery *self, guint number, GBytes *notice)
{
  Telling *telling = telling_new (self, MD_DELIVERY_SIGNAL_NOTICE);

  telling->n = number;
  telling->bundle = g_bytes_ref (notice);
  telling_send (telling);
}

void
_md_delivery_tell_address (MdDelivery *self, guint address, const char *cause)
{
  Telling *telling = telling_new (self, MD_DELIVERY_SIGNAL_ADDRESS);

  telling->n = address;
  telling->code = g_strdup (cause);
  telling_send (telling);
}

void
_md_delivery_tell_renewal (MdDelivery *self, const char *stage)
{
  Telling *telling = telling_new (self, MD_DELIVERY_SIGNAL_RENEWAL);

  telling->code = g_strdup (stage);
  telling_send (telling);
}

/* --- The object --- */

static void
md_delivery_init (MdDelivery *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wakeup);
  g_cond_init (&self->standing_changed);
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->standing = (MdDeliveryStanding){ MD_LINE_STATE_OFFLINE, "starting" };
  self->detail = g_strdup (_ ("The line has not been tried yet."));
  self->receipt_trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
}

static void
md_delivery_dispose (GObject *object)
{
  MdDelivery *self = MD_DELIVERY (object);

  md_delivery_stop (self);
  g_clear_object (&self->source);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (md_delivery_parent_class)->dispose (object);
}

static void
md_delivery_finalize (GObject *object)
{
  MdDelivery *self = MD_DELIVERY (object);

  g_clear_pointer (&self->config.line, md_line_config_free);
  g_strfreev (self->urls);
  g_free (self->config.office);
  g_free (self->config.terminal);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->detail);
  g_free (self->policy_etag);
  g_free (self->refused_etag);
  g_free (self->refused_cause);
  g_clear_pointer (&self->nonce, g_bytes_unref);
  g_clear_pointer (&self->receipt_trust, md_trust_unref);
  g_cond_clear (&self->wakeup);
  g_cond_clear (&self->standing_changed);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (md_delivery_parent_class)->finalize (object);
}

static void
md_delivery_class_init (MdDeliveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = md_delivery_dispose;
  object_class->finalize = md_delivery_finalize;

  signals[MD_DELIVERY_SIGNAL_STATE] = g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0,
                                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MD_DELIVERY_SIGNAL_ACKNOWLEDGED]
      = g_signal_new ("item-acknowledged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[MD_DELIVERY_SIGNAL_QUARANTINED]
      = g_signal_new ("item-quarantined", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      3, G_TYPE_STRING, G_TYPE_UINT, G_TYPE_STRING);
  signals[MD_DELIVERY_SIGNAL_POLICY]
      = g_signal_new ("policy-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_BYTES, G_TYPE_STRING);
  signals[MD_DELIVERY_SIGNAL_NOTICE]
      = g_signal_new ("notice-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_UINT, G_TYPE_BYTES);
  signals[MD_DELIVERY_SIGNAL_ADDRESS]
      = g_signal_new ("address-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_UINT, G_TYPE_STRING);
  signals[MD_DELIVERY_SIGNAL_RENEWAL]
      = g_signal_new ("certificate-renewal", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* Those of @text, blanks around them left out. */
static char **
split_urls (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ";", -1);
  g_autoptr (GStrvBuilder) urls = g_strv_builder_new ();

  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip (*part) != '\0')
      g_strv_builder_add (urls, *part);
  return g_strv_builder_end (urls);
}

MdDelivery *
md_delivery_new (MdDeliverySource *source, const MdDeliveryConfig *config)
{
  MdDelivery *self = g_object_new (MD_TYPE_DELIVERY, NULL);

  self->source = g_object_ref (source);
  self->config.line = md_line_config_copy (config->line);
  self->urls = split_urls (config->line->url);
  self->config.office = g_strdup (config->office);
  self->config.terminal = g_strdup (config->terminal);
  self->config.retry_base_ms = config->retry_base_ms > 0 ? config->retry_base_ms : RETRY_BASE_MS;
  self->config.retry_max_ms = config->retry_max_ms > 0 ? config->retry_max_ms : RETRY_MAX_MS;
  self->config.probe_ms = config->probe_ms > 0 ? config->probe_ms : PROBE_MS;
  self->config.back_ms = config->back_ms > 0 ? config->back_ms : BACK_MS;
  self->config.polls = config->polls;
  return self;
}

void
md_delivery_set_receipt_anchors (MdDelivery *self, GBytes *const *anchors, gsize n_anchors)
{
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  MdTrust *before = NULL;

  g_return_if_fail (MD_IS_DELIVERY (self));

  for (gsize i = 0; i < n_anchors; i++)
    {
      g_autoptr (MdCertificate) anchor = md_certificate_new_from_der (anchors[i], NULL);
      if (anchor != NULL)
        md_trust_add_anchor (trust, anchor);
    }
  g_mutex_lock (&self->lock);
  before = g_steal_pointer (&self->receipt_trust);
  self->receipt_trust = g_steal_pointer (&trust);
  g_mutex_unlock (&self->lock);
  md_trust_unref (before);
}

void
md_delivery_start (MdDelivery *self)
{
  g_return_if_fail (MD_IS_DELIVERY (self) && self->thread == NULL);

  self->thread = g_thread_new ("delivery", _md_delivery_run, self);
  if (!self->config.polls)
    self->inbox = g_thread_new ("inbox", _md_delivery_wait, self);
}

void
md_delivery_stop (MdDelivery *self)
{
  g_return_if_fail (MD_IS_DELIVERY (self));

  if (self->thread == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->wakeup);
  g_cond_signal (&self->standing_changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->thread));
  if (self->inbox != NULL)
    g_thread_join (g_steal_pointer (&self->inbox));
}

void
md_delivery_wake (MdDelivery *self)
{
  g_return_if_fail (MD_IS_DELIVERY (self));

  g_mutex_lock (&self->lock);
  self->woken = TRUE;
  g_cond_signal (&self->wakeup);
  g_mutex_unlock (&self->lock);
}

MdLineState
md_delivery_get_state (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), MD_LINE_STATE_OFFLINE);

  locker = g_mutex_locker_new (&self->lock);
  return self->standing.state;
}

const char *
md_delivery_get_reason (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), "starting");

  locker = g_mutex_locker_new (&self->lock);
  return self->standing.reason;
}

guint
md_delivery_get_address (MdDelivery *self, guint *out_count)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), 1);

  locker = g_mutex_locker_new (&self->lock);
  *out_count = g_strv_length (self->urls);
  return self->address + 1;
}

char *
md_delivery_dup_url (MdDelivery *self)
{
  guint count = 0;

  g_return_val_if_fail (MD_IS_DELIVERY (self), NULL);

  return g_strdup (self->urls[md_delivery_get_address (self, &count) - 1]);
}

gint64
md_delivery_get_gateway_until (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  return self->peer_until;
}

char *
md_delivery_dup_detail (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  return g_strdup (self->detail);
}

GBytes *
md_delivery_use_nonce (MdDelivery *self, gint64 *out_age_ms, gboolean *out_unused)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  if (self->nonce == NULL)
    return NULL;
  *out_age_ms = (g_get_monotonic_time () - self->nonce_at) / G_TIME_SPAN_MILLISECOND;
  *out_unused = !self->nonce_used;
  self->nonce_used = TRUE;
  self->woken = TRUE;
  g_cond_signal (&self->wakeup);
  return g_bytes_ref (self->nonce);
}

void
md_delivery_set_policy_etag (MdDelivery *self, const char *etag)
{
  g_return_if_fail (MD_IS_DELIVERY (self));

  g_mutex_lock (&self->lock);
  g_free (self->policy_etag);
  self->policy_etag = g_strdup (etag);
  g_clear_pointer (&self->refused_etag, g_free);
  g_clear_pointer (&self->refused_cause, g_free);
  g_mutex_unlock (&self->lock);
}

void
md_delivery_set_policy_refused (MdDelivery *self, const char *etag, const char *cause)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (MD_IS_DELIVERY (self));

  locker = g_mutex_locker_new (&self->lock);
  g_free (self->refused_etag);
  g_free (self->refused_cause);
  self->refused_etag = g_strdup (etag);
  self->refused_cause = g_strdup (cause);
  self->refused_at = g_get_monotonic_time ();
}

void
md_delivery_set_next_notice (MdDelivery *self, guint number)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (MD_IS_DELIVERY (self));

  locker = g_mutex_locker_new (&self->lock);
  if (number == self->next_notice)
    return;
  self->next_notice = number;
  self->asks_next = number > 0;
  self->woken = TRUE;
  g_cond_signal (&self->wakeup);
}
