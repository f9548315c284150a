process.chdir('/')

export default (_request, response) => response.end('from /')
