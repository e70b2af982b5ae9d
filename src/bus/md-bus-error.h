// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BUS_INSIDE) && !defined(MD_BUS_COMPILATION)
#error "Include <md-bus.h>."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* Causes that cross the bus as org.madoguchi.Terminal1.Error.NAME. A proxy's errors
 * arrive in this domain (call g_dbus_error_strip_remote_error()
 * before showing the message). */
typedef enum
{
  MD_BUS_ERROR_FAILED,               /* Failed: anything else */
  MD_BUS_ERROR_NOT_LOGGED_IN,        /* NotLoggedIn */
  MD_BUS_ERROR_SESSION_LOCKED,       /* SessionLocked */
  MD_BUS_ERROR_CARD_UNKNOWN,         /* CardUnknown */
  MD_BUS_ERROR_CARD_MISMATCH,        /* CardMismatch */
  MD_BUS_ERROR_LOGIN_UNKNOWN,        /* LoginUnknown */
  MD_BUS_ERROR_PASSWORD_WRONG,       /* PasswordWrong */
  MD_BUS_ERROR_PASSWORD_UNSET,       /* PasswordUnset */
  MD_BUS_ERROR_PASSWORD_WEAK,        /* PasswordWeak */
  MD_BUS_ERROR_LOCKED_OUT,           /* LockedOut */
  MD_BUS_ERROR_BUSY,                 /* Busy: another officer is logged in */
  MD_BUS_ERROR_NO_POLICY,            /* NoPolicy */
  MD_BUS_ERROR_NOT_PERMITTED,        /* NotPermitted: role, or not the superuser */
  MD_BUS_ERROR_SAME_OFFICER,         /* SameOfficer: the two-person rule */
  MD_BUS_ERROR_CONTAINER_INVALID,    /* ContainerInvalid */
  MD_BUS_ERROR_DECISION_INVALID,     /* DecisionInvalid */
  MD_BUS_ERROR_SIGNATURE_INVALID,    /* SignatureInvalid */
  MD_BUS_ERROR_RESERVATION_MISMATCH, /* ReservationMismatch */
  MD_BUS_ERROR_POLICY_CHANGED,       /* PolicyChanged: made under another version */
  MD_BUS_ERROR_UNKNOWN_INTAKE,       /* UnknownIntake */
  MD_BUS_ERROR_CONFLICT,             /* Conflict: known with other bytes */
  MD_BUS_ERROR_WRONG_STATE,          /* WrongState */
  MD_BUS_ERROR_ERASED,               /* Erased */
  MD_BUS_ERROR_NO_NUMBERS,           /* NoNumbers */
  MD_BUS_ERROR_TOO_LARGE,            /* TooLarge */
  MD_BUS_ERROR_DISK_FULL,            /* DiskFull: nothing was stored */
  MD_BUS_ERROR_DATABASE,             /* Database: damaged or unreadable */
  MD_BUS_ERROR_INVALID,              /* Invalid: an argument is not what it should be */
  MD_BUS_ERROR_HELD,                 /* Held: a supervisor has to release it first */
  MD_BUS_ERROR_RELEASE_INVALID,      /* ReleaseInvalid */
  MD_BUS_ERROR_NO_RESPONDER,         /* NoResponder: the policy names nobody to ask */
  MD_BUS_ERROR_NO_ANSWER,            /* NoAnswer: whoever was asked did not answer */
  MD_BUS_ERROR_NOT_DELEGATED,        /* NotDelegated: no letter of delegation allows it */
} MdBusError;

#define MD_BUS_ERROR (md_bus_error_quark ())
GQuark md_bus_error_quark (void);

/* Whether ERROR says that the service gave no answer (not running, died during the call, silent for
 * too long): worth another try. It may have done what it was asked. */
gboolean md_bus_error_is_absent (const GError *error);

G_END_DECLS
