// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_INSIDE) && !defined(MD_LINE_COMPILATION)
#error "Only <md-line.h> can be included directly."
#endif

#include <md-delivery-source.h>
#include <md-line-client.h>

G_BEGIN_DECLS

typedef enum
{
  MD_LINE_STATE_OFFLINE,   /* the gateway does not answer; intake goes on, the queue grows */
  MD_LINE_STATE_ONLINE,    /* the last exchange went as it should */
  MD_LINE_STATE_ATTENTION, /* somebody must do something: wrong certificate, terminal not
                              registered, forged receipt */
} MdLineState;

/* "offline", "online", "attention": as the bus spells it. */
const char *md_line_state_name (MdLineState state);

/* What the engine needs to know of this terminal. */
typedef struct
{
  MdLineConfig *line; /* url: one address, or several with ";" between them, the preferred first */
  char *office;
  char *terminal;
  gint64 retry_base_ms; /* first back-off; doubles, with jitter; 0: 5 000 */
  gint64 retry_max_ms;  /* 0: 900 000 */
  gint64 back_ms;       /* how often the first address is tried while another is used; 0: 300 000 */
  gint64 probe_ms;      /* how often an idle or broken line is tried; 0: 10 000 */
  gboolean polls;       /* no second connection waits for what comes: it is asked for at probes */
} MdDeliveryConfig;

/* The delivery engine: drains an MdDeliverySource to the gateway in a thread of its own, erasing
 * nothing and acknowledging only what a verified receipt names. All methods are for the thread that
 * created it, whose default main context gets the signals: "state-changed" () state or detail
 * differ from before "item-acknowledged" (char *intake, guint n)   after the source has it on disk
 *   "item-quarantined" (char *intake, guint n, char *code)
 *   "policy-received" (GBytes *cms, char *etag)   the gateway has another policy bundle; unverified
 *
 * "address-changed" (guint address, char *cause)   of several addresses this one is used from now
 * on, counted from 1; why the one before was left: "start" where there was none, "back" where the
 * first one answers again, else as of md_delivery_get_reason()
 *
 * "certificate-renewal" (char *stage): of this terminal's own certificate, in its last third:
 * "asked" for one of a new key; "received" it; "accepted": the gateway has served the new pair, and
 * the ones before are destroyed; "declined" by the administrator; "refused" by the gateway;
 * "wrong": what came was not the one; "no-key": none could be made or kept
 *
 * "notice-received" (guint number, GBytes *cms): what the gateway gave under that number;
 * unverified, and empty where it was no answer of the wire. */
#define MD_TYPE_DELIVERY (md_delivery_get_type ())
G_DECLARE_FINAL_TYPE (MdDelivery, md_delivery, MD, DELIVERY, GObject)

/* Copies @config; keeps a reference on @source. Returns: (transfer full). */
MdDelivery *md_delivery_new (MdDeliverySource *source,
                             const MdDeliveryConfig *config) G_GNUC_WARN_UNUSED_RESULT;

/* The certificates (DER) that may have signed a receipt, or issued its signer: the policy's
 * trust.receipt. Until it is called, no receipt is believed. Takes effect with the next receipt. */
void md_delivery_set_receipt_anchors (MdDelivery *self, GBytes *const *anchors, gsize n_anchors);

/* Starts the thread. Call once. */
void md_delivery_start (MdDelivery *self);

/* Ends the transfer under way and joins the thread; may take as long as two calls of the source.
 * May be repeated. */
void md_delivery_stop (MdDelivery *self);

/* There is something new in the source, or the user wants the line tried now. Never blocks. Any
 * thread. */
void md_delivery_wake (MdDelivery *self);

MdLineState md_delivery_get_state (MdDelivery *self);

/* Why it is in that state, as one stable word for programs: "starting", "ok", "waits-for-room"
 * (online; a large application does); offline: "no-link", "no-name", "proxy", "no-answer";
 * attention: "not-our-gateway", "wrong-clock", "certificate-ended", "certificate-refused",
 * "not-registered", "key-refused", "receipt", "gateway-trouble", "protocol", "settings",
 * "own-store". Static. */
const char *md_delivery_get_reason (MdDelivery *self);

/* The address that is used, or tried. Returns: (transfer full). */
char *md_delivery_dup_url (MdDelivery *self) G_GNUC_WARN_UNUSED_RESULT;

/* Which one that is, counted from 1, and of how many. */
guint md_delivery_get_address (MdDelivery *self, guint *out_count);

/* The last second of the certificate that the gateway showed; 0: it has shown none yet. */
gint64 md_delivery_get_gateway_until (MdDelivery *self);

/* What to tell people about the state, in their language; never NULL. Returns: (transfer full). */
char *md_delivery_dup_detail (MdDelivery *self) G_GNUC_WARN_UNUSED_RESULT;

/* The nonce of the gateway's last answer, for the card's challenge of one intake; NULL before the
 * first. *@out_age_ms is how old it is by the monotonic clock, *@out_unused whether this is the
 * first intake that gets it; a living line then fetches the next at once. Any thread. Returns:
 * (transfer full) (nullable). */
GBytes *md_delivery_use_nonce (MdDelivery *self, gint64 *out_age_ms,
                               gboolean *out_unused) G_GNUC_WARN_UNUSED_RESULT;

/* Which notice of the back office comes next: it is asked for with every probe that goes well, and
 * at once when the number changes. 0: none is asked for. */
void md_delivery_set_next_notice (MdDelivery *self, guint number);

/* The ETag of the policy that is in force here: the gateway sends only another one, and takes down
 * that this terminal has it, so that it is to be set after the policy was verified and put to work,
 * and not before. Whatever was refused is forgotten. */
void md_delivery_set_policy_etag (MdDelivery *self, const char *etag);

/* A policy that came was not taken: @etag as it was told, @cause as of md_policy_error_get_word().
 * The gateway is told, and does not send it again before a quarter of an hour has passed. */
void md_delivery_set_policy_refused (MdDelivery *self, const char *etag, const char *cause);

G_END_DECLS
