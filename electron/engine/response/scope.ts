/** The folders that limit what Holdfast acts on (`--scope`). Pure. */

export class Scope {
  private readonly folders: readonly string[];

  /** No folders: the whole machine. */
  constructor(folders: readonly string[]) {
    this.folders = folders.map((folder) => (folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder));
  }

  get limited(): boolean {
    return this.folders.length > 0;
  }

  /** Whether a path is one of the folders or lies below one. */
  holds(path: string | null): boolean {
    if (path === null) return false;
    return this.folders.some((folder) => path === folder || folder === '/' || path.startsWith(`${folder}/`));
  }
}
