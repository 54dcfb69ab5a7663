// Gives an issue its folder: the recorded one while that exists, else `<root>/<key>`. Never goes through a
// symlink below the real root, never shares a folder between two issues, never uses a folder that it did not
// make, and never uses one whose making or removal was interrupted: that is emptied and made anew.

import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isInside, openRoot, whatIsAt } from './folder-check.ts';
import { claimKey, isOwner, readOwner, releaseKey, writeOwner } from './owner-record.ts';
import type { Owner } from './owner-record.ts';
import { removeTree } from './remove-tree.ts';
import { fromFileSystem, refused } from './workspace-error.ts';
import { suffixedKey, workspaceKey } from './workspace-key.ts';

export interface PrepareRequest {
  /** `workspace.root`, absolute; made (mode 0700) when missing. May itself be a symlink: resolved once. */
  readonly root: string;
  readonly identifier: string;
  readonly issueId: string;
  /** Where this issue's workspace was made before; used while that folder exists, even outside of `root`. */
  readonly recordedPath: string | null;
  /** `after_create`. When it rejects, the half-made folder is removed and the rejection passed on. */
  readonly onCreated: (path: string) => Promise<void>;
}

export interface PreparedWorkspace {
  /** Absolute real path. */
  readonly path: string;
  readonly key: string;
  readonly created: boolean;
}

interface Place {
  readonly root: string;
  readonly key: string;
  readonly isReady: boolean;
  /** False for a recorded folder that we cannot prove to have made: it is used, but never removed by us. */
  readonly isProven: boolean;
}

/** Rejects with WorkspaceError, or with what `onCreated` rejected with. */
export async function prepareWorkspace(request: PrepareRequest): Promise<PreparedWorkspace> {
  const { identifier } = request;
  const wantedKey = workspaceKey(identifier);
  const root = await openRoot(request.root);
  let place: Place;
  try {
    place = (await recordedPlace(root, request)) ?? (await claimPlace(root, wantedKey, request));
  } catch (error) {
    throw fromFileSystem(join(root, wantedKey), 'preparing the folder', error);
  }
  return await openPlace(place, request);
}

async function openPlace(place: Place, request: PrepareRequest): Promise<PreparedWorkspace> {
  const { root, key } = place;
  const path = join(root, key);
  try {
    const found = await whatIsAt(path);
    if (found === 'symlink' || found === 'other') throw refusedFolder(path, found);
    if (found === 'folder' && place.isReady) {
      if (place.isProven) await writeOwner(root, key, { ...ownerOf(request), ready: true });
      return { path, key, created: false };
    }
    await writeOwner(root, key, { ...ownerOf(request), ready: false });
    await removeTree(path);
    await mkdir(path, { mode: 0o700 });
    if ((await realpath(path)) !== path) throw refused(path, `does not stay inside of ${root}`);
  } catch (error) {
    throw fromFileSystem(path, 'making the folder', error);
  }
  try {
    await request.onCreated(path);
  } catch (error) {
    // When this fails too, the record still says "not ready": the next attempt empties the folder first.
    await discard(place).catch(() => undefined);
    throw error;
  }
  await confirmCreated(path);
  await writeOwner(root, key, { ...ownerOf(request), ready: true }).catch((error: unknown) => {
    throw fromFileSystem(path, 'recording the owner', error);
  });
  return { path, key, created: true };
}

/** The script may have moved its own folder away or put a link in its place. */
async function confirmCreated(path: string): Promise<void> {
  const found = await whatIsAt(path);
  if (found === 'folder') return;
  throw refusedFolder(path, found === 'absent' ? 'absent after after_create' : found);
}

async function discard({ root, key }: Place): Promise<void> {
  await removeTree(join(root, key));
  await releaseKey(root, key);
}

/** Where the issue worked before; null when that folder is gone or has become another issue's. */
async function recordedPlace(root: string, request: PrepareRequest): Promise<Place | null> {
  const recorded = request.recordedPath;
  if (recorded === null) return null;
  if (!isAbsolute(recorded)) throw refused(recorded, 'the recorded workspace path is not absolute');
  const found = await whatIsAt(recorded);
  if (found === 'absent') return null;
  if (found !== 'folder') throw refusedFolder(recorded, found);
  const real = await realpath(recorded);
  if (real !== recorded && !isInside(root, real)) {
    throw refused(recorded, `now leads to ${real}, outside of ${root}; remove the link or move it back`);
  }
  const place = { root: dirname(real), key: basename(real), isProven: true };
  const record = await readOwner(place.root, place.key);
  // The store knows this folder, so a damaged record is written anew, and so is a lost one inside of our root.
  if (record === 'absent') return { ...place, isReady: true, isProven: place.root === root };
  if (record === 'unreadable') return { ...place, isReady: true };
  return isOwner(record, request) ? { ...place, isReady: record.ready } : null;
}

/** The first of the two names that is ours or that nobody has. */
async function claimPlace(root: string, wantedKey: string, request: PrepareRequest): Promise<Place> {
  for (const key of new Set([wantedKey, suffixedKey(request.identifier)])) {
    const place = await claimOne(root, key, request);
    if (place !== null) return place;
  }
  const path = join(root, wantedKey);
  throw refused(path, 'both this folder and the one with a digest are taken; remove one that is not needed');
}

async function claimOne(root: string, key: string, request: PrepareRequest): Promise<Place | null> {
  const path = join(root, key);
  const found = await whatIsAt(path);
  if (found === 'symlink') throw refusedFolder(path, found);
  const place = { root, key, isProven: true };
  const isClaimed = found === 'absent' && (await claimKey(root, key, ownerOf(request)));
  if (isClaimed) return { ...place, isReady: false };
  const record = await readOwner(root, key);
  if (typeof record === 'string' || record.identifier !== request.identifier) return null;
  return { ...place, isReady: record.ready };
}

function refusedFolder(path: string, found: string): Error {
  const what =
    found === 'symlink' ? 'is a symbolic link' : found === 'other' ? 'is not a folder' : `is ${found}`;
  return refused(path, `${what}; remove it by hand`);
}

function ownerOf({ identifier, issueId }: PrepareRequest): Owner {
  return { identifier, issueId };
}
