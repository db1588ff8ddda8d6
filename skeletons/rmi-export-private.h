/* skeletons/rmi-export-private.h: one object that peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exported at any number of paths, and under one id once it was passed by reference. A peer's hold on it is a count of the
 * references it was sent, and whether it subscribed. Belongs to the owner of the node.
 */
#pragma once

#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-interface-entry.h"

G_BEGIN_DECLS

typedef struct _RmiExport RmiExport;

typedef struct _RmiHold RmiHold;
typedef struct _RmiSubscription RmiSubscription;

/* What one connection has of one export. */
struct _RmiHold
{
  RmiConnection   *connection;    /* borrowed: it owns this */
  RmiExport       *export;
  GList            link;          /* in the export's holds */
  guint64          count;         /* references the peer was sent and did not release */
  guint64          stale;         /* of streams that are gone: until the peer says what it holds of them */
  RmiSubscription *subscriptions; /* one for each path */
};

struct _RmiSubscription
{
  RmiHold         *hold;
  RmiSubscription *next;          /* of the same hold */
  char            *path;          /* GRefString: its events come from there */
  gboolean         has_gap;       /* an event was lost: all are until the peer was told */
};

struct _RmiExport
{
  guint      ref_count;
  RmiPoller *poller;
  GObject   *object;
  GPtrArray *paths;               /* of GRefString: named ones */
  char      *id;                  /* GRefString: "/~/…", or NULL */
  gboolean   is_dropped;
  GPtrArray *skeletons;           /* of RmiSkeleton, most derived interface first; a forwarder has none */
  GPtrArray *subscriptions;       /* of RmiSubscription, owned */
  GQueue     holds;               /* of RmiHold.link */
  guint      n_holders;           /* connections with a count */
  char      *types;               /* JSON array of its interfaces' names */
};

/* @entries: (element-type RmiInterfaceEntry), most derived first. They live as long as @object. */
RmiExport   *rmi_export_new           (RmiPoller *poller, GObject *object, GPtrArray *entries);
RmiExport   *rmi_export_ref           (RmiExport *self);
void         rmi_export_unref         (RmiExport *self);
/* Nobody may call it any more: stops listening to the object. */
void         rmi_export_drop          (RmiExport *self);
gboolean     rmi_export_is_dropped    (RmiExport *self);
/* Members are named `<interface>.<Name>` on the wire. */
gboolean     rmi_export_is_qualified  (RmiExport *self);
/* Its id, made now if need be. */
const char  *rmi_export_ensure_id     (RmiExport *self);
/* Whether @entry is @base or extends it. */
gboolean     rmi_export_entry_is_a    (const RmiInterfaceEntry *entry, const RmiInterfaceEntry *base);
/* NULL with NO_SUCH_METHOD if there is none, or if it takes @interface (may be absent) to tell. */
const RmiMethodEntry *rmi_export_find_method (RmiExport *self, RmiSlice interface, RmiSlice member, GError **error);

/* ---- who holds it: rmi-hold.c ---- */

/* NULL if it has none. */
RmiHold     *rmi_export_find_hold     (RmiExport *self, RmiConnection *connection);
/* By references, not only by subscriptions. */
gboolean     rmi_export_is_held_by    (RmiExport *self, RmiConnection *connection);
/* One reference more; FALSE with LIMIT. */
gboolean     rmi_export_add_reference (RmiExport *self, RmiConnection *connection, GError **error);
/* TRUE if it was the last of all. */
gboolean     rmi_export_remove_references (RmiExport *self, RmiConnection *connection, guint64 count);
gboolean     rmi_export_subscribe     (RmiExport *self, RmiConnection *connection, const char *path, GError **error);
/* NULL if there is none. */
RmiSubscription *rmi_export_find_subscription (RmiExport *self, RmiConnection *connection, const char *path);
void         rmi_export_unsubscribe   (RmiExport *self, RmiConnection *connection, const char *path);
/* Nobody hears of events of @path any more. */
void         rmi_export_remove_path   (RmiExport *self, const char *path);
/* All holds of @self are gone: (element-type RmiConnection) those that had references, a ref each. */
GPtrArray   *rmi_export_take_holders  (RmiExport *self);
guint        rmi_export_count_holds   (RmiConnection *connection);
/* Its stream is gone: its references are stale, its subscriptions are no more. */
void         rmi_export_suspend_holds (RmiConnection *connection);
/* Of what is stale, @count references are the peer's again. */
void         rmi_export_restore_hold  (RmiExport *self, RmiConnection *connection, guint64 count);
/* What is stale goes: (element-type RmiExport), a ref each, those that have no holder left. */
GPtrArray   *rmi_export_drop_stale    (RmiConnection *connection);

/* A subscription that lost events; a copy, as telling runs user code. */
typedef struct
{
  RmiExport     *export;
  RmiConnection *connection;
  char          *path;            /* GRefString */
} RmiGap;

/* (element-type RmiGap): those of @self, and those of @connection. */
GArray      *rmi_export_list_gaps     (RmiExport *self);
GArray      *rmi_export_list_gaps_of  (RmiConnection *connection);
/* All who subscribed have lost events. */
void         rmi_export_mark_gaps     (RmiExport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiExport, rmi_export_unref)

G_END_DECLS
