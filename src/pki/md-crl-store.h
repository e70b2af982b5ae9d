// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

/**
 * MdCrlOffer: what became of a list that was brought to the store.
 * @MD_CRL_OFFER_TAKEN: it is newer than what was there, and lies on the disk
 * @MD_CRL_OFFER_SAME: it is there already
 * @MD_CRL_OFFER_NUMBER_BACK: one with a higher number is there, or another list of this number, or
 * its number did not grow while its time did, or the other way round: kept out
 * @MD_CRL_OFFER_FOREIGN: none of the issuers has signed it
 * @MD_CRL_OFFER_STALE: its next update is past, or it has none
 * @MD_CRL_OFFER_EARLY: it begins later (or the clock is wrong)
 * @MD_CRL_OFFER_UNFIT: a delta, an indirect list, or one with a condition that we do not know
 * @MD_CRL_OFFER_UNREADABLE: it is no list
 */
typedef enum
{
  MD_CRL_OFFER_TAKEN,
  MD_CRL_OFFER_SAME,
  MD_CRL_OFFER_NUMBER_BACK,
  MD_CRL_OFFER_FOREIGN,
  MD_CRL_OFFER_STALE,
  MD_CRL_OFFER_EARLY,
  MD_CRL_OFFER_UNFIT,
  MD_CRL_OFFER_UNREADABLE,
  MD_N_CRL_OFFERS
} MdCrlOffer;

/** "taken", "same", "number-back", "foreign-signer", "stale", "early", "unfit", "unreadable". */
const char *md_crl_offer_to_string (MdCrlOffer offer);

/** One list of the store; of each issuer's key and distribution point only the latest. */
typedef struct
{
  char *key;    /* stands for issuer's key, issuer's name and distribution point */
  char *issuer; /* RFC 2253 */
  char *number; /* hexadecimal, or NULL */
  char *sha256; /* over the DER */
  gint64 this_update, next_update;
} MdCrlEntry;

/** When it may not be used any more: its next update, or @max_age seconds after its time (0: no
 * such limit), whichever comes first. */
gint64 md_crl_entry_get_limit (const MdCrlEntry *self, gint64 max_age);

/** When to look for the next one: well before that limit, and not at the same second as every other
 * terminal (@random: any number). */
gint64 md_crl_entry_get_renewal (const MdCrlEntry *self, gint64 max_age, guint32 random);

/** How long to wait after so many vain tries in a row (from 1): a minute at first, an hour at most,
 * spread by @random. Seconds. */
gint64 md_crl_retry_delay (guint tries, guint32 random);

typedef struct _MdCrlStore MdCrlStore;

/** Lists in the folder @path, which is made when there is none; everybody may read them,
 * since they are public. Also *.crl files that somebody else put there count. One thread at a time.
 * (transfer full) */
MdCrlStore *md_crl_store_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void md_crl_store_free (MdCrlStore *self);

/** Whose lists are taken (element-type MdCertificate; copied), and reads the folder anew. Returns
 * how many files of it are no list of theirs. */
guint md_crl_store_set_issuers (MdCrlStore *self, const GPtrArray *issuers);

/**
 * Brings a list (DER or PEM). FALSE only when it could not be written: IO. What lies on the disk is
 * itself the mark below which no number goes.
 */
gboolean md_crl_store_offer (MdCrlStore *self, GBytes *list, gint64 now, MdCrlOffer *out_offer,
                             char **out_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** All, by issuer and number (element-type MdCrlEntry); and one of them by its key, or NULL.
 * (transfer container; transfer none) */
GPtrArray *md_crl_store_list (const MdCrlStore *self) G_GNUC_WARN_UNUSED_RESULT;
const MdCrlEntry *md_crl_store_find (const MdCrlStore *self, const char *key);

const char *md_crl_store_get_path (const MdCrlStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCrlStore, md_crl_store_free)

G_END_DECLS
