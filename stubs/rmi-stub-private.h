/* stubs/rmi-stub-private.h: what the stubs' files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-message-internal.h"
#include "stubs/rmi-import-private.h"
#include "stubs/rmi-stub-tap-internal.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

/* How an object is reached. */
typedef struct
{
  RmiConnection *connection;
  char          *path;
} RmiRoute;

/* Set once, by rmi_stub_attach(); any thread may read it. */
typedef struct
{
  RmiConnection *connection;    /* as the reference came; calls go by rmi_stub_get_route() */
  char          *path;
  char          *owner;         /* GRefString, as its import's; or NULL */
  RmiRoute      *direct;        /* atomic: the way to where the object lives, once it was found; or NULL */
  int            may_approach;  /* atomic: its first call looks for that way */
  RmiView       *view;          /* the owner's business */
  gboolean       is_qualified;  /* calls name the interface */
  int            is_broken;     /* atomic */
  int            is_filled;     /* atomic */
  int            timeout_ms;    /* atomic, a guint: 0 for each method's own */
  GValue        *values;        /* of each property of the class, in its order, unset ones not yet told; NULL before the first */
  RmiStubTapFunc tap;           /* who takes its events as they come; or NULL */
  gpointer       tap_data;
  GPtrArray     *changed;       /* GParamSpecs that the peer said have changed, to be notified; or NULL */
} RmiStubPrivate;

RmiStubPrivate          *rmi_stub_get_private      (RmiStub *self);
void                     rmi_stub_attach           (RmiStub *self, RmiView *view, RmiConnection *connection, gboolean is_qualified);
/* Where calls go now; lives as long as @self. */
RmiRoute                 rmi_stub_get_route        (RmiStub *self);
/* From now on they go there. Once. */
void                     rmi_stub_set_direct       (RmiStub *self, RmiConnection *connection, const char *path);
/* The object is gone for good. Runs user code. */
void                     rmi_stub_break            (RmiStub *self);
/* Signals were lost; the properties are those of now. */
void                     rmi_stub_tell_gap         (RmiStub *self);
/* Its interface; NULL for plain stubs. */
const RmiInterfaceEntry *rmi_stub_get_entry        (RmiStub *self);
/* Stubs of this type subscribe by existing. */
gboolean                 rmi_stub_type_wants_events (GType stub_type);
/* A call of the member `<name>` or `<interface>.<name>`. */
RmiCall                 *rmi_stub_begin_named_call (RmiStub *self, const char *interface, const char *name, guint timeout_ms);
/* The same, but the caller writes an object of the arguments by name. */
RmiCall                 *rmi_stub_begin_call_by_name (RmiStub *self, const char *name);
/* An event for this stub. Runs user code. */
void                     rmi_stub_take_event       (RmiStub *self, const RmiTarget *target, RmiReader *reader);

/* ---- properties ---- */

void                     rmi_stub_free_values      (RmiStub *self);
/* Takes {"<name>": value, …} into the cache, whole or not at all, and notifies; names unknown are ignored. FALSE if @reader failed.
 * Any thread; runs user code. */
gboolean                 rmi_stub_take_values      (RmiStub *self, RmiReader *reader);
/* The entry of the GObject property @name, and its interface; NULL if there is none. */
const RmiPropertyEntry  *rmi_stub_find_property    (RmiStub *self, const char *name, const RmiInterfaceEntry **interface);

G_END_DECLS
