// Its factory promises a request listener and never keeps the promise.
export default () => new Promise(() => setInterval(() => {}, 1000))
