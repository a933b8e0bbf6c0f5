declare global {
  namespace App {
    interface Error {
      message: string;
      code?: string;
      requestId?: string;
    }
    interface PageData {
      title?: string;
    }
  }
  interface Window {
    /** Requests that the start script sent before the application was loaded, by path. */
    __early?: Map<string, Promise<Response>>;
    /** Of the start script: begin to fetch the files of the page with this path. */
    __preload?: (path: string) => void;
  }
}

export {};
