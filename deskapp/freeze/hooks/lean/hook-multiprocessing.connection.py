"""Pickles alone are sent; messages of XML-RPC are made on demand and bring a web server along."""

excludedimports = ["xmlrpc"]
