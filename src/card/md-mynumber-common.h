// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-files.h"
#include "md-mynumber-card.h"

G_BEGIN_DECLS

// The common application (共通カードAP) and the card manager. No PIN.

// Card serial, municipality and expiry from the common application.
gboolean md_mynumber_card_read_common (MdMyNumberCard *self, MdCardCommon *out_common,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Municipality and expiry from the card manager (the issuer security domain), for a card whose
// common application does not answer; its serial stays empty.
gboolean md_mynumber_card_read_manager (MdMyNumberCard *self, MdCardCommon *out_common,
                                        GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The card's life, not its certificates'.
typedef enum
{
  MD_CARD_EXPIRY_FAR,     // more than the months asked for
  MD_CARD_EXPIRY_SOON,    // within them: tell the resident about renewal
  MD_CARD_EXPIRY_PAST,    // over: the card is no identity document any more
  MD_CARD_EXPIRY_UNKNOWN, // no day that exists
} MdCardExpiry;

// Where nobody has set it otherwise. Offices renew card and certificates once less than three
// months are left: from the day after the date three months before the last day, or the first of
// the month where that month has no such date (練馬区, 電子証明書の更新手続きについて, gives both
// examples: 7 July from 8 April, 28 May from 1 March).
#define MD_CARD_EXPIRY_MONTHS 3

// How EXPIRY (YYYYMMDD, the last day of validity) stands to TODAY: SOON once less than MONTHS are
// left, by the count above.
MdCardExpiry md_card_expiry_judge (const char *expiry, const MdDate *today,
                                   guint months) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
